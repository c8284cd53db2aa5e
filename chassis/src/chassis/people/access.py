"""Who may use the doors of an issuer? The part of a service's table that every issuer has."""

from chassis.access import Access, Rule, Who, anybody, session, staff

_BOTH = ("GET", "POST")
#: Whoever is on their way in with a browser: between the password and what comes next.
log_in_page = Rule((Who("log-in page"),))


def page(*roles: str) -> Rule:
    """Whoever is logged in at this issuer with a browser, in one of the roles where any is named."""
    return Rule((Who("page", roles),))


def enter_access(base: str) -> Access:
    """Where whoever is in gets a pass for another service's pages, and whoever is not is led to the log-in."""
    return {f"GET {base}/enter": anybody, f"POST {base}/enter": anybody}


def log_in_access(base: str) -> Access:
    """Who may use the doors of whoever has an account."""
    mine = {
        "POST /log-in/first": session,
        "POST /log-in/second-factor": session,
        "POST /token": session,
        "GET /me": session,
        "POST /me/password": session,
        "POST /me/recovery-codes": session,
        "POST /me/authenticator": session,
        "PUT /me/authenticator": session,
        "GET /me/sessions": session,
        "DELETE /me/other-sessions": session,
        "DELETE /me/sessions/{session}": session,
        "DELETE /session": session,
        "DELETE /sessions": session,
    }
    return {f"GET {base}/jwks.json": anybody, f"POST {base}/api/log-in": anybody} | _below(f"{base}/api", mine)


def accounts_access(base: str) -> Access:
    """Who may use the doors of whoever lets people in."""
    administrator = staff("administrator")
    doors = ("GET /accounts", "PUT /accounts/{account}", "POST /accounts/{account}/letter")
    changes = ("PUT /accounts/{account}/roles", "PUT /accounts/{account}/expiry")
    locks = ("PUT /accounts/{account}/lock", "DELETE /accounts/{account}/lock")
    return _below(f"{base}/api", dict.fromkeys((*doors, *changes, *locks), administrator))


def pages_access(base: str, *, administered: bool = True) -> Access:
    """Who may use the pages of an issuer."""
    forms = ("/account/password", "/account/recovery-codes", "/account/authenticator", "/account/sessions/{session}")
    more = ("/account/other-sessions", "/log-out/everywhere")
    looks = ("GET ", "GET /account", "GET /account/sessions", "POST /account/authenticator/new")
    mine = (*looks, *(f"{method} {path}" for path in (*forms, *more) for method in _BOTH))
    steps = ("GET /log-in/second-factor", "POST /log-in/second-factor", "GET /log-in/first", "POST /log-in/first")
    doors = {
        **dict.fromkeys(("GET /log-in", "POST /log-in"), anybody),
        **dict.fromkeys(steps, log_in_page),
        "POST /log-out": log_in_page | page(),
        **dict.fromkeys(mine, page()),
    }
    if administered:
        acts = [f"POST /accounts/{{account}}/{act}" for act in ("roles", "letter", "lock", "unlock", "expiry")]
        lists = ("GET /accounts", "GET /new-account", "POST /new-account", "GET /accounts/{account}")
        changes = (*lists, "GET /accounts/{account}/{act}", *acts)
        doors |= dict.fromkeys(changes, page("administrator"))
        doors |= dict.fromkeys(("GET /oidc/callback", "GET /logged-out"), anybody)
    return _below(base, doors)


def _below(prefix: str, doors: Access) -> dict[str, Rule]:
    return {door.replace(" ", f" {prefix}", 1): rule for door, rule in doors.items()}
