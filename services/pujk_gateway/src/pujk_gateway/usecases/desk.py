"""What does OJK's administrator do with firms? The stories behind the doors and the pages, together."""

from dataclasses import dataclass

from pujk_gateway.usecases.letters import GiveBrokerAccess, WriteLetter
from pujk_gateway.usecases.onboarding import MindPerson, OffBoard, RegisterFirm, ReplacePerson, ShowFirms


@dataclass(frozen=True)
class Desk:
    register: RegisterFirm
    show: ShowFirms
    write_letter: WriteLetter
    replace: ReplacePerson
    mind: MindPerson
    broker: GiveBrokerAccess
    off_board: OffBoard
