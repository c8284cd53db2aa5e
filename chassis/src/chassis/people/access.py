"""Who may use the doors of an issuer? The part of a service's table that every issuer has."""

from chassis.access import Access, Rule, anybody, session, staff


def log_in_access(base: str) -> Access:
    """Who may use the doors of whoever has an account."""
    mine = {
        "POST /log-in/first": session,
        "POST /log-in/second-factor": session,
        "POST /token": session,
        "GET /me": session,
        "POST /me/password": session,
        "DELETE /session": session,
        "DELETE /sessions": session,
    }
    return {f"GET {base}/jwks.json": anybody, f"POST {base}/api/log-in": anybody} | _below(f"{base}/api", mine)


def accounts_access(base: str) -> Access:
    """Who may use the doors of whoever lets people in."""
    administrator = staff("administrator")
    doors = ("GET /accounts", "PUT /accounts/{account}", "POST /accounts/{account}/letter")
    changes = ("PUT /accounts/{account}/roles", "PUT /accounts/{account}/lock", "DELETE /accounts/{account}/lock")
    return _below(f"{base}/api", dict.fromkeys((*doors, *changes), administrator))


def _below(prefix: str, doors: Access) -> dict[str, Rule]:
    return {door.replace(" ", f" {prefix}", 1): rule for door, rule in doors.items()}
