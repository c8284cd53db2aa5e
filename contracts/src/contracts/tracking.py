"""What does tracking say? Nothing so far: it hears every fact of a matter and shows them."""

from contracts.base import Fact

FACTS: tuple[type[Fact], ...] = ()
