"""How are the notifier's refusals told at its doors?"""

from collections.abc import Mapping

from chassis.refusals import Rule

from notifier.domain.failures import NothingFailed

REFUSALS: Mapping[type[Exception], Rule] = {
    NothingFailed: Rule(409, "nothing-failed", "Somebody saw to it before, or more failed since"),
}
