"""What is counted? Every metric of the suite with unit and meaning; labels never carry ids or personal data."""

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter("slkt_messages_total", "Messages consumed, by queue and outcome", ["queue", "outcome"])
HANDLING = Histogram(
    "slkt_handling_seconds",
    "From delivery to acknowledgement",
    ["queue"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
FACTS_SAID = Counter("slkt_facts_said_total", "Facts published and confirmed")
PUBLISH_FAILED = Counter("slkt_publish_failed_total", "Publishes without a confirm; the relay tries again")
STUCK = Counter("slkt_facts_stuck_total", "Facts set aside after ten failures alone; alarm when it grows")
TASKS = Gauge("slkt_tasks", "Tasks of the event loop that have not ended, as they are counted when asked")
UNSENT_AGE = Gauge(
    "slkt_unsent_age_seconds", "Age of the oldest fact that is written and not yet said, by collection", ["collection"]
)
CONFLICTS = Counter("slkt_write_conflicts_total", "Writes that lost against another writer and ran again")
BATCH = Histogram("slkt_commit_batch_matters", "Matters written together", buckets=(1, 2, 5, 10, 25, 50, 100, 200))
DEAD = Counter("slkt_dead_letters_total", "Messages put aside, by queue and reason", ["queue", "reason"])
QUEUE_RECREATED = Counter("slkt_queue_recreated_total", "Own queue was missing: republish is needed", ["queue"])
JOB_FAILED = Counter("slkt_job_failed_total", "Jobs that ended with an error and began again, by job", ["job"])
DELIVERIES = Counter("slkt_deliveries_total", "Deliveries outside the suite, by outcome", ["kind", "outcome"])
AUDITED = Counter(
    "slkt_audit_entries_total", "Audit entries written, by step: asked, about, refused, answered", ["step"]
)
AUDIT_FAILED = Counter(
    "slkt_audit_failed_total",
    "Audit entries that could not be written, by step; what was asked is then not done",
    ["step"],
)
NOT_LET_IN = Counter(
    "slkt_log_in_failed_total", "Log-ins and proofs that were refused, by kind and status", ["kind", "status"]
)
AUDIT_CUT = Counter("slkt_audit_cut_total", "Times that the end of the audit was found removed; alarm at the first")
HTTP = Histogram(
    "slkt_http_seconds",
    "HTTP requests by route and status",
    ["route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
