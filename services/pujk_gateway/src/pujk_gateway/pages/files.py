"""Which files come with a form of a firm's act? New ones go to intake as they come; what was taken before is named by
its id. What is not taken, and why, stands beside the field."""

import re

from chassis.dossiers import NotTaken
from chassis.limits import FORM_FILES_BYTES
from chassis.pages.forms import WHOLE
from chassis.people.pages.front import Here
from chassis.refusals import Erased, TooLarge

from pujk_gateway.domain.refusals import CaseRefusal
from pujk_gateway.usecases.filing import BringFile

#: The field of new files, and of those that an earlier sending of the form brought.
FILES, ATTACHED = "attachments", "attached"
MOST = 10
_ID = re.compile(r"[0-9a-f]{32}")
_KNOWN = (
    "attachment-too-large",
    "attachment-kind",
    "attachment-acts",
    "attachment-empty",
    "attachments-full",
    "service-ended",
)
_MB = 1024 * 1024


async def files_of(here: Here, number: str, bring: BringFile) -> tuple[str, ...]:
    """Ids of all that the form brings; of one with another error nothing is taken. Errors: those of ``bring`` but what
    belongs beside a field."""
    form, name = here.form, ""
    ids = [one for one in form.all(ATTACHED) if _ID.fullmatch(one)][:MOST]
    try:
        if not form.errors:
            async for file in here.uploads.files():
                name = file.name
                if len(ids) >= MOST:
                    form.also(FILES, "file.too_many", most=MOST)
                    break
                try:
                    taken = await bring(number, here.account.firm or "", here.account.id, name, file)
                except NotTaken as error:
                    # It keeps no other out.
                    key = error.code if error.code in _KNOWN else "not_taken"
                    form.also(FILES, f"file.{key}", file=name, most=int(error.extra.get("most", 0)) // _MB)
                else:
                    ids += [taken.id] if taken.id not in ids else []
    except TooLarge:
        form.also(FILES, "file.together", file=name, most=FORM_FILES_BYTES // _MB)
    except (CaseRefusal, Erased):
        form.wrong(WHOLE, "ticket.moved")
    await here.uploads.drain()
    return tuple(ids)
