"""Which files of a form are taken? Each is judged by itself: what is wrong with one keeps no other out, and stands
beside the field under its name."""

from collections.abc import Awaitable, Callable

from chassis.limits import FORM_FILES_BYTES
from chassis.pages.forms import Form
from chassis.pages.uploads import Upload, Uploads
from chassis.refusals import TooLarge

from intake.attachments import (
    AttachmentActs,
    AttachmentEmpty,
    AttachmentRefused,
    AttachmentsFull,
    AttachmentTooLarge,
)

#: What is no refusal of these is the kind of a file.
_WHY: dict[type[AttachmentRefused], str] = {
    AttachmentTooLarge: "large",
    AttachmentEmpty: "empty",
    AttachmentActs: "acts",
    AttachmentsFull: "full",
}
#: So many above the most are named; whoever sends more hears that the rest was not taken.
NAMED_MOST = 20
_MIB = 2**20


async def take(
    uploads: Uploads, form: Form, field: str, words: str, most: int, add: Callable[[Upload], Awaitable[object]]
) -> list[str]:
    """Names of those that ``add`` took; of each other one stands in ``form`` why not, by texts that begin with
    ``words``. Errors: those of ``add`` but AttachmentRefused."""
    taken, name, count = list[str](), "", 0
    try:
        async for file in uploads.files():
            name, count = file.name, count + 1
            if count > most + NAMED_MOST:
                form.also(field, f"{words}rest", file=name, most=most)
                break
            if count > most:
                form.also(field, f"{words}many", file=name, most=most)
                continue
            try:
                await add(file)
            except AttachmentRefused as error:
                size = int(error.extra.get("most", 0)) // _MIB
                form.also(field, f"{words}{_WHY.get(type(error), 'kind')}", file=name, most=size)
            else:
                taken.append(name)
    except TooLarge:
        form.also(field, f"{words}together", file=name, most=FORM_FILES_BYTES // _MIB)
    await uploads.drain()
    return taken
