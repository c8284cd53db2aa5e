"""How are two bodies under one id told apart? By a digest that nobody without this service's key can make or guess."""

import hashlib
import hmac


class KeyedDigests:
    """HMAC under a key drawn from the one that seals what is put aside; never that key itself."""

    def __init__(self, keep_key: bytes) -> None:
        self._key = hmac.digest(keep_key, b"digests of acts", hashlib.sha256)

    def __call__(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(errors="surrogatepass"), hashlib.sha256).hex()
