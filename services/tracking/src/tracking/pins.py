"""Which PIN belongs to a number? It is computed from a secret that only intake and tracking hold, and never stored."""

import hashlib
import hmac

DIGITS = 8


def pin_of(key: bytes, number: str, round: int) -> str:  # noqa: A002 - the domain's word
    """Eight digits of HMAC-SHA256 of ``number:round``, drawn by remainder so that each PIN is equally likely."""
    drawn = int.from_bytes(hmac.digest(key, f"{number}:{round}".encode(), hashlib.sha256), "big")
    return f"{drawn % 10**DIGITS:0{DIGITS}d}"


class Pins:
    """Checks PINs, and hides what is only counted."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def right(self, number: str, round: int, pin: str) -> bool:  # noqa: A002
        """The same work for every number of 13 digits, whether or not it exists or its check digit is right."""
        return hmac.compare_digest(pin_of(self._key, number, round), pin)

    def digest(self, text: str) -> str:
        """Of what somebody wrote: nobody guesses the text and finds it again."""
        return hmac.digest(self._key, f"said {text}".encode(errors="surrogatepass"), hashlib.sha256).hex()

    def hidden(self, address: str) -> str:
        """A client address as it is counted: the same every time, and no address to whoever reads the database."""
        return hmac.digest(self._key, f"client {address}".encode(), hashlib.sha256).hex()
