"""Which number and PIN does a matter get? Both are drawn from secrets: nothing to guess, nothing to count.

The number is drawn from the channel's key, so that the same key always comes to the same number and no record of it
has to be written first (docs/decisions/0004).
"""

import hashlib
import hmac

from stdnum.iso7064 import mod_11_10


def _drawn(key: bytes, text: str, digits: int) -> str:
    number = int.from_bytes(hmac.digest(key, text.encode(), hashlib.sha256), "big")
    return str(number % 10**digits).zfill(digits)


class DrawnNumbers:
    """12 digits and an ISO 7064 Mod 11,10 check digit; PINs of 8 digits, a new one with each round."""

    def __init__(self, number_key: bytes, pin_key: bytes) -> None:
        self._number_key = number_key
        self._pin_key = pin_key

    def draw(self, channel: str, key: str, attempt: int) -> str:
        digits = _drawn(self._number_key, f"{channel}\n{attempt}\n{key}", 12)
        return digits + str(mod_11_10.calc_check_digit(digits))

    def digest(self, text: str) -> str:
        return hmac.new(self._number_key, b"body\n" + text.encode(), hashlib.sha256).hexdigest()

    def pin(self, number: str, round_: int) -> str:
        return _drawn(self._pin_key, f"{number}:{round_}", 8)
