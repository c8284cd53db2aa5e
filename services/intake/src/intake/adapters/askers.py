"""How does intake find out who asks? One reader for each kind that its table names."""

from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

from chassis.access import Reader
from chassis.credentials.known import Known
from chassis.pages.passes import Visitor, visitor_reader
from chassis.parts import Base
from chassis.people.office import Office
from chassis.readers import ChannelReader, service_reader, staff_reader


def readers(
    base: Base, service_keys: Path, office: Office, keys: Known, channels: Collection[str]
) -> Mapping[str, Reader]:
    issuer = office.checks(base.name)
    return {
        "staff": staff_reader(issuer, office.stands),
        Visitor.kind: visitor_reader(issuer, base.settings.behind_tls, office.stands),
        "session": office.reader,
        "service": service_reader(base.services_issuer(service_keys)),
        "channel": ChannelReader(keys, channels, partial(office.machines.note, "key", None)),
    }
