"""Which doors has every service? The look of its pages, and who did what there: each answers for itself, and no page
waits for another service."""

from fastapi import APIRouter

from chassis.access import Access
from chassis.audit_desk.doors import audit_access, audit_router
from chassis.audit_desk.pages import audit_pages
from chassis.pages.assets import asset_access, asset_router
from chassis.parts import Base


def common_access(service: str) -> Access:
    """For the service's table."""
    return {**asset_access(service), **audit_access(service)}


def common_doors(base: Base, access: Access) -> list[APIRouter]:
    """Of a service whose table has them."""
    if not common_access(base.name).keys() <= access.keys():
        return []
    return [asset_router(base.name), audit_router(base.name, base.database, base.audit_key), audit_pages(base)]
