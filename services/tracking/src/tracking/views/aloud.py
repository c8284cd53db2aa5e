"""What is read aloud of a matter? The words of its page, in one breath: where it stands, what happens now, what one can
do. What a page says of itself ("below") has words for the ear."""

from tracking.views.shown import MatterShown
from tracking.words import LANGUAGES, Both


def aloud(matter: MatterShown) -> Both:
    """Nothing sealed, nobody's name: as much as the page tells whoever has a link."""
    stage = matter.stage
    said = (stage.spoken["now"], stage.stands_still, stage.spoken["you_can"])
    return Both(
        *(" ".join([f"{stage.title[language]}.", *(one[language] for one in said if one)]) for language in LANGUAGES)
    )
