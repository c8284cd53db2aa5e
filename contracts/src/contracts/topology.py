"""Who says what to whom, on which exchange, by which key, into which queue? The one page of the broker."""

from contracts import intake, notifier, pujk_gateway, routing, settling, tracking
from contracts.base import Fact
from contracts.broker import Binding, Exchange, Queue, Topology, Wire

VHOST = "slkt"
SUBMISSIONS = "slkt.submissions"
EVENTS = "slkt.events"
UNROUTED = "slkt.unrouted"
PUJK = "slkt.pujk"
PUJK_ACTIONS = "slkt.pujk.actions"
REPLIES = "slkt.replies"
RETRY = "slkt.retry"
DEAD = "slkt.dead"

EXCHANGES = (
    Exchange(UNROUTED, "fanout"),
    Exchange(SUBMISSIONS),
    Exchange(EVENTS, alternate=UNROUTED),
    Exchange(PUJK),
    Exchange(PUJK_ACTIONS),
    Exchange(REPLIES, "direct"),
    Exchange(RETRY, "topic"),
    Exchange(DEAD, "topic"),
)

#: Services in the order that breaks ties of the Lamport clock in the shown history.
OWNERS = ("intake", "routing", "pujk_gateway", "tracking", "notifier")

#: Every fact by its owner.
FACTS: dict[str, tuple[type[Fact], ...]] = {
    "intake": intake.FACTS,
    "routing": routing.FACTS,
    "pujk_gateway": pujk_gateway.FACTS,
    "notifier": notifier.FACTS,
    "tracking": tracking.FACTS,
}


def standing(facts: tuple[type[Fact], ...]) -> tuple[type[Fact], ...]:
    """Those that carry where their owner stands."""
    return tuple(fact for fact in facts if "standing" in fact.model_fields)


#: Said of accounts: every door must know, and the issuer itself does.
LOCKS = (intake.OfficerLocked, pujk_gateway.OfficerLocked)

#: Who hears what. Whoever says facts of a matter hears every standing fact of it: its clock and judgement need them.
HEARS: dict[str, tuple[type[Fact], ...]] = {
    "intake": (
        *standing(routing.FACTS),
        *standing(pujk_gateway.FACTS),
        pujk_gateway.OfficerLocked,
        tracking.ReopenAsked,
    ),
    "routing": (*standing(intake.FACTS), *standing(pujk_gateway.FACTS), *LOCKS),
    "pujk_gateway": (
        *standing(intake.FACTS),
        *standing(routing.FACTS),
        *tracking.SETTLING,
        # A case's history tells who opened what.
        intake.DataViewed,
        intake.OfficerLocked,
    ),
    "notifier": (
        *standing(intake.FACTS),
        *standing(routing.FACTS),
        *standing(pujk_gateway.FACTS),
        # A session that is planned is told to the consumer.
        settling.FacilitationStep,
        intake.PinLinkAsked,
        intake.PinRenewed,
        tracking.PreferencesSet,
        *LOCKS,
    ),
    # Its own come back to it like all others: so a timeline is the fold of what was heard, and of nothing else.
    "tracking": (*intake.FACTS, *routing.FACTS, *pujk_gateway.FACTS, *notifier.FACTS, *tracking.FACTS),
}

RETRY_DELAYS_MS = {"5s": 5_000, "1m": 60_000, "10m": 600_000}
#: Delivery limit of what operators look at: each look counts as a delivery that was not acknowledged.
LOOKED_AT = 1_000_000_000
RECEIPT_TTL_MS = 7 * 24 * 3600 * 1000
WIRE = Wire(events=EVENTS, dead=DEAD, retry=RETRY, replies=REPLIES, reply_ttl_ms=RECEIPT_TTL_MS, facts=FACTS)
#: Channels that stand from the start; ``import`` is the bulk door of the web channel.
CHANNELS = ("web", "phone", "mobile", "email", "import")


def by_type() -> dict[str, type[Fact]]:
    """Every fact by its CloudEvents type."""
    return {fact.type(): fact for facts in FACTS.values() for fact in facts}


def heard_by(fact: type[Fact]) -> tuple[str, ...]:
    return tuple(service for service in OWNERS if fact in HEARS[service])


def _with_dead(queue: Queue, *, retries: bool = False) -> tuple[Queue, ...]:
    """A queue, its dead-letter queue (never emptied by being looked at), and its waiting rooms."""
    dead = Queue(f"{queue.name}.dead", (Binding(DEAD, queue.name),), delivery_limit=LOOKED_AT)
    rooms = tuple(
        Queue(f"{queue.name}.retry.{delay}", (Binding(RETRY, f"{queue.name}.{delay}"),), ttl_ms=ttl, back_to=queue.name)
        for delay, ttl in RETRY_DELAYS_MS.items()
        if retries
    )
    return (queue, dead, *rooms)


def inbox(service: str) -> Queue:
    """Everything a service hears; without a length, since the facts are the suite's own."""
    return Queue(
        f"{service}.inbox",
        tuple(Binding(EVENTS, fact.key) for fact in HEARS[service]),
        dead_key=f"{service}.inbox",
    )


def heard_from(service: str) -> tuple[Queue, ...]:
    """Where messages wait that a service will hear: its inbox, and the waiting rooms before a later try."""
    return tuple(queue for queue in _with_dead(inbox(service), retries=True) if not queue.name.endswith(".dead"))


def reply_queue(user: str) -> Queue:
    return Queue(
        f"reply.{user}",
        (Binding(REPLIES, user),),
        max_length=100_000,
        max_bytes=64 * 2**20,
        ttl_ms=RECEIPT_TTL_MS,
        expire_oldest=True,
    )


def submissions(channel: str) -> Queue:
    name = f"submissions.{channel}"
    return Queue(
        name,
        (Binding(SUBMISSIONS, f"submission.{channel}"),),
        dead_key=name,
        max_length=500_000,
        max_bytes=2 * 2**30,
    )


def actions(code: str) -> Queue:
    name = f"pujk.{code}.actions"
    return Queue(name, (Binding(PUJK_ACTIONS, f"{code}.*"),), dead_key=name, max_length=50_000, max_bytes=256 * 2**20)


def pujk_inbox(code: str) -> Queue:
    return Queue(f"pujk.{code}.inbox", (Binding(PUJK, f"{code}.*"),), max_length=50_000, max_bytes=256 * 2**20)


def channel_user(channel: str) -> str:
    return f"channel-{channel}"


def pujk_user(code: str) -> str:
    return f"pujk-{code.lower()}"


def channel(name: str) -> Topology:
    """The queues of one channel."""
    return Topology(queues=(*_with_dead(submissions(name), retries=True), reply_queue(channel_user(name))))


def firm(code: str) -> Topology:
    """The queues of one PUJK with a queue endpoint."""
    return Topology(
        queues=(*_with_dead(actions(code), retries=True), pujk_inbox(code), reply_queue(pujk_user(code))),
    )


def suite() -> Topology:
    """All that stands before any service starts."""
    inboxes = tuple(q for service in OWNERS if HEARS[service] for q in _with_dead(inbox(service), retries=True))
    channels = tuple(q for name in CHANNELS for q in channel(name).queues)
    return Topology(
        EXCHANGES, (*inboxes, *channels, Queue(UNROUTED, (Binding(UNROUTED, "#"),), delivery_limit=LOOKED_AT))
    )
