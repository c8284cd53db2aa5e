"""Where does each service keep its matters? By the design each has a database of its own name, and in it one
collection of matters, its `facts` and its `stuck`."""

from datetime import UTC, datetime
from typing import Any

from chassis.database import connect
from chassis.documents import CODEC

#: The collection of matters of each service.
MATTERS = {
    "intake": "services",
    "routing": "assignments",
    "pujk_gateway": "cases",
    "tracking": "timelines",
    "notifier": "notifications",
}


class Databases:
    """The services' databases, seen with an operator's rights. Reads are of a majority."""

    def __init__(self, url: str) -> None:
        self._client = connect(url)

    def matters(self, service: str) -> Any:
        return self._client[service].get_collection(MATTERS[service], codec_options=CODEC)

    def facts(self, service: str) -> Any:
        return self._client[service]["facts"]

    def stuck(self, service: str) -> Any:
        return self._client[service]["stuck"]

    def figures(self) -> Any:
        """What tracking keeps of many matters."""
        return self._client["tracking"]["figures"]

    def accounts(self, service: str) -> Any:
        """Of an issuer; as matters are kept, and with what proves people: read no more of it than is needed."""
        return self._client[service].get_collection("accounts", codec_options=CODEC)

    def ended(self, service: str) -> Any:
        return self._client[service]["ended"]

    def audit(self, service: str) -> Any:
        return self._client[service]["audit"]

    def audit_roots(self, service: str) -> Any:
        return self._client[service]["audit_roots"]

    async def now(self) -> datetime:
        """The database's time, aware. Errors: those of the driver."""
        local: datetime = (await self._client["admin"].command("hello"))["localTime"]
        return local if local.tzinfo else local.replace(tzinfo=UTC)

    def close(self) -> None:
        self._client.close()
