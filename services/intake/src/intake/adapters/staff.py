"""Who of OJK may log in? Intake is the issuer of staff tokens; accounts and sessions are in its own database."""

from chassis.parts import Base
from chassis.people.office import Office
from chassis.people.pages.site import Site
from chassis.people.settings import StaffIssuerSettings
from chassis.sealing import Vault
from contracts.pages import SECTIONS

#: OJK's own roles. A firm's seats are stated by another issuer, with another key, in another process.
ROLES = ("cso", "qa", "supervisor", "decider", "administrator", "auditor")
ADDRESS = "/staff"
#: What the gateway calls accounts of firms' people: ``bank-002-deciding-1``.
OF_FIRMS = r"[a-z0-9-]+-(product|service|deciding)-[0-9]+"


def staff_office(base: Base, settings: StaffIssuerSettings) -> Office:
    return Office(
        base,
        Vault(settings.master_key.get_secret_value()),
        key=settings.staff_key,
        key_lead_seconds=settings.key_lead_seconds,
        issuer=settings.staff_issuer,
        roles=ROLES,
        address=ADDRESS,
        provider=settings.registered(ADDRESS),
        others_names=OF_FIRMS,
    )


def staff_pages(office: Office) -> Site:
    """The pages of the issuer, and the log-in for those of all services."""
    return office.pages(sections=SECTIONS)
