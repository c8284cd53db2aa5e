"""What does the log say? One JSON object a line, known fields only, no text of an exception: it may quote a person."""

import json
import logging
import sys
from typing import Any

from opentelemetry import trace

#: Fields a log line may carry. Numbers of matters are not personal data; names, contacts and texts are.
FIELDS = (
    "number",
    "firm",
    "queue",
    "reason",
    "error",
    "handler",
    "attempt",
    "count",
    "seconds",
    "route",
    "status",
    "where",
    "root",
)


class JsonLines(logging.Formatter):
    """Formats a record; of an exception the type and the place are told, never its text."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _place(record.exc_info[2])
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            line["trace"] = format(context.trace_id, "032x")
        return json.dumps(line, ensure_ascii=False)


def _place(tb: Any) -> str:
    places = []
    while tb is not None:
        code = tb.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{tb.tb_lineno}:{code.co_name}")
        tb = tb.tb_next
    return " > ".join(places[-4:])


class OnlyOurWords(logging.Filter):
    """Libraries' messages below warning are dropped, and above it lose their arguments: they may quote a body."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._ours = ("chassis", service)

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".")[0] in self._ours:
            return True
        if record.levelno < logging.WARNING:
            # Not even read: the driver's own lines hold what a document says, and break where it cannot be read.
            return False
        record.msg, record.args = f"{record.name}: {str(record.msg)[:80]}", ()
        return True


def start(service: str, level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(service))
    handler.addFilter(OnlyOurWords(service))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # What Python warns of is one JSON line too.
    logging.captureWarnings(True)
