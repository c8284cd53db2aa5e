"""How does a page come by what is private in a matter? It asks intake for the dossier, in the name of whoever looks;
nothing of it is kept here. Files go the other way, as a stream.

Whoever asks has made sure that this person may see this matter: intake cannot know, and believes the service's token.
"""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from typing import Any, Protocol
from urllib.parse import quote

import httpx
from contracts.dossier import Attached, By, Dossier, DossierAsked, Opening

from chassis.auth import ServiceTokens
from chassis.refusals import Erased, Forbidden, NotFound, Refusal, Rule, TooMany, Unavailable
from chassis.trust import trust

SECONDS = 6.0
#: A file of 10 MB over a slow line inside the house, and a write of all of it by a majority.
ATTACH_SECONDS = 90.0
FILES = "/attachments/"


class NotTaken(Refusal):
    """Intake does not take this file. ``code`` is intake's own: `attachment-too-large`, `attachment-kind`,
    `attachment-acts`, `attachment-empty`, `attachments-full`, `service-ended`."""

    def __init__(self, code: str, detail: str, *, extra: dict[str, Any] | None = None) -> None:
        super().__init__(detail, extra=extra)
        self.code = code


class FileTooLarge(NotTaken):
    """One file is too large; ``extra['most']`` is how many bytes it may have."""


class FileKind(NotTaken):
    """By its content it is of a kind that is not taken."""


class FileActs(NotTaken):
    """It would run something where it is opened, or brings other files along."""


class FileEmpty(NotTaken):
    """Nothing was in it."""


class FilesFull(NotTaken):
    """The matter holds as many files, or as many bytes, as it may."""


class MatterEnded(NotTaken):
    """The matter has ended."""


_CODES: Mapping[str, type[NotTaken]] = {
    "attachment-too-large": FileTooLarge,
    "attachment-kind": FileKind,
    "attachment-acts": FileActs,
    "attachment-empty": FileEmpty,
    "attachments-full": FilesFull,
    "service-ended": MatterEnded,
}
#: For a service whose doors pass files on: the same words as intake's.
REFUSALS: Mapping[type[Exception], Rule] = {
    FileTooLarge: Rule(413, "attachment-too-large", "The file is too large"),
    FileKind: Rule(415, "attachment-kind", "A file of this kind is not taken"),
    FileActs: Rule(415, "attachment-acts", "A file that acts by itself is not taken"),
    FileEmpty: Rule(422, "attachment-empty", "The file is empty"),
    FilesFull: Rule(409, "attachments-full", "The matter takes no more files"),
    MatterEnded: Rule(409, "service-ended", "The matter has ended"),
    NotTaken: Rule(409, "attachment-refused", "The file is not taken"),
}


class Dossiers(Protocol):
    """What pages need; ``by`` is the account that looks, ``role`` its role or seat, ``pujk`` its firm."""

    async def dossier(
        self, number: str, *, by: str, role: str, pujk: str | None = None, opening: Opening | None = None
    ) -> Dossier:
        """With ``opening`` the fields it names are in clear, and intake has said ``data-viewed``.

        Errors: NotFound, Erased (nothing of it can be read any more), Forbidden (this role may not open that),
        Unavailable.
        """
        ...

    async def attach(
        self,
        number: str,
        *,
        by: By,
        account: str,
        pujk: str | None = None,
        name: str,
        content: AsyncIterable[bytes] | bytes,
    ) -> Attached:
        """Adds one file; the same content of the same side is told as known. Errors: NotTaken, NotFound, Erased,
        Unavailable."""
        ...


class DossierDesk:
    """Intake's door for dossiers, by HTTP."""

    def __init__(self, base_url: str, tokens: ServiceTokens, purpose: str) -> None:
        # No proxy from the environment: what is private goes between the two and nowhere else.
        self._http = httpx.AsyncClient(base_url=base_url, timeout=SECONDS, trust_env=False, verify=trust(base_url))
        self._tokens = tokens
        self._purpose = purpose

    async def dossier(
        self, number: str, *, by: str, role: str, pujk: str | None = None, opening: Opening | None = None
    ) -> Dossier:
        asked = DossierAsked(by=by, role=role, pujk=pujk, open=opening)
        answer = await self._ask(f"/dossiers/{quote(number)}", json=asked.model_dump(mode="json"))
        return Dossier.model_validate(answer)

    async def attach(
        self,
        number: str,
        *,
        by: By,
        account: str,
        pujk: str | None = None,
        name: str,
        content: AsyncIterable[bytes] | bytes,
    ) -> Attached:
        about = {"by": by, "account": account, **({"pujk": pujk} if pujk else {})}
        answer = await self._ask(
            f"/dossiers/{quote(number)}/attachments",
            params=about,
            content=content,
            headers={
                "Content-Type": "application/octet-stream",
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            },
            timeout=ATTACH_SECONDS,
        )
        return Attached.model_validate(answer)

    async def content(self, link: str) -> AsyncIterator[bytes]:
        """A file, by the address that a dossier told of it. Errors: NotFound, Unavailable, also midway."""
        if not link.startswith(FILES):
            raise NotFound("no address of a file")
        try:
            async with self._http.stream("GET", link, timeout=ATTACH_SECONDS) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise _refusal(answer)
                async for piece in answer.aiter_bytes():
                    yield piece
        except httpx.HTTPError as error:
            raise Unavailable(type(error).__name__) from error

    async def _ask(self, path: str, *, headers: Mapping[str, str] | None = None, **but: Any) -> Any:
        bearer = {"Authorization": f"Bearer {self._tokens.token('intake', self._purpose)}"}
        try:
            answer = await self._http.post(path, headers={**(headers or {}), **bearer}, **but)
        except httpx.HTTPError as error:
            raise Unavailable(type(error).__name__) from error
        if answer.is_success:
            return answer.json()
        raise _refusal(answer)

    async def close(self) -> None:
        await self._http.aclose()


def _refusal(answer: httpx.Response) -> Exception:
    """What intake's problem is here; what is nobody's fault but ours is Unavailable to whoever looks."""
    try:
        body = answer.json()
        code, detail = str(body["type"]).removeprefix("urn:slkt:problem:"), str(body.get("detail", ""))
    except (ValueError, KeyError, TypeError):
        return Unavailable(f"intake answered {answer.status_code}")
    match answer.status_code:
        case 404:
            return NotFound(detail)
        case 410:
            return Erased(detail)
        case 403 if code == "not-for-this-role":
            return Forbidden(detail)
        case 429:
            seconds = body.get("retry_after", 0)
            return TooMany(detail, extra={"retry_after": seconds})
        case 409 | 413 | 415 | 422:
            extra = {name: body[name] for name in ("most", "came") if name in body}
            return _CODES.get(code, NotTaken)(code, detail, extra=extra)
        case _:
            return Unavailable(f"intake answered {answer.status_code}")
