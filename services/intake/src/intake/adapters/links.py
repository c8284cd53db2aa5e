"""What opens one file for one person for a few minutes? An address that only intake can make and read: what it is about
is sealed in it, so nothing is learnt from it and nothing can be changed."""

import hmac
import json
from binascii import Error as NoBase64
from datetime import datetime

from chassis.sealing import SealBroken, Vault, b64, unb64

from intake.attachments import Link, LinkEnded, LinkWrong

ADDRESS = "/attachments/"
_BOUND = "attachment link v1"


class SealedLinks:
    """Under a key of its own that comes from intake's number key."""

    def __init__(self, number_key: bytes) -> None:
        self._vault = Vault(hmac.digest(number_key, b"slkt attachment links", "sha256"))

    def address(self, link: Link) -> str:
        said = [link.number, link.file, link.by, link.role, link.pujk, int(link.ends_at.timestamp())]
        return ADDRESS + b64(self._vault.seal(json.dumps(said).encode(), _BOUND))

    def read(self, token: str, now: datetime) -> Link:
        try:
            number, file, by, role, pujk, ends = json.loads(self._vault.open(unb64(token), _BOUND))
        except (SealBroken, NoBase64, ValueError) as error:
            raise LinkWrong("this address opens nothing; open the file again from the page of the matter") from error
        if now.timestamp() >= ends:
            raise LinkEnded("this address was good for some minutes; open the file again from the page of the matter")
        return Link(number, file, by, role, pujk, datetime.fromtimestamp(ends, now.tzinfo))
