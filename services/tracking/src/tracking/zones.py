"""By which clock does somebody read? Indonesia has three; a matter's region says which one is likely, its reader which
one it is."""

from datetime import timedelta, timezone

ZONES = {name: timezone(timedelta(hours=hours), name) for name, hours in (("WIB", 7), ("WITA", 8), ("WIT", 9))}
DEFAULT = "WIB"
#: Codes of provinces (BPS) that do not live by the clock of Jakarta.
_CENTRAL = frozenset(("51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"))
_EASTERN = frozenset(("81", "82", "91", "92", "93", "94", "95", "96"))


def of_region(region: str | None) -> str:
    """The name of the zone; that of Jakarta for who named no region."""
    if region in _CENTRAL:
        return "WITA"
    return "WIT" if region in _EASTERN else DEFAULT
