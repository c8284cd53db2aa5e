"""What nobody may read stands in no log line and no trace: texts of exceptions quote people."""

import json
import logging
from pathlib import Path

import pytest
from chassis.logs import JsonLines, OnlyOurWords
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from chassis import telemetry

MARKER = "Sri Rahayu Lestari"


def line(name: str, level: int, text: str, *arguments: object, failed: bool = False) -> str:
    record = logging.LogRecord(name, level, __file__, 1, text, arguments, None)
    if failed:
        try:
            raise ValueError(MARKER) from RuntimeError(MARKER)
        except ValueError as error:
            record.exc_info = (type(error), error, error.__traceback__)
    return JsonLines("ping").format(record) if OnlyOurWords("ping").filter(record) else ""


def test_an_exception_is_told_by_kind_and_place() -> None:
    told = json.loads(line("chassis.surround", logging.ERROR, "handler failed", failed=True))
    assert (told["message"], told["error"], told["service"]) == ("handler failed", "ValueError", "ping")
    assert "test_chassis_silence.py" in told["where"]
    assert MARKER not in json.dumps(told)


@pytest.mark.parametrize("library", ["aio_pika.x", "pymongo", "uvicorn.error", "opentelemetry.sdk", "smtplib", "root"])
def test_a_library_is_heard_from_warnings_on_and_without_its_arguments(library: str) -> None:
    assert line(library, logging.INFO, "got %s", MARKER) == ""
    told = line(library, logging.ERROR, "got %s", MARKER, failed=True)
    assert told and MARKER not in told


def test_only_known_fields_are_written() -> None:
    record = logging.LogRecord("chassis", logging.INFO, __file__, 1, "x", (), None)
    record.number, record.body = "5043812177304", MARKER
    told = JsonLines("ping").format(record)
    assert "5043812177304" in told and MARKER not in told


def test_a_span_that_failed_tells_the_kind_of_failure_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = TracerProvider()
    path = tmp_path / "spans.json"
    provider.add_span_processor(SimpleSpanProcessor(telemetry.FileExporter(path)))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("test"))
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with pytest.raises(ValueError, match=MARKER), telemetry.span("handler", parent):
        assert (telemetry.traceparent() or "").startswith("00-0af7651916cd43dd8448eb211c80319c-")
        raise ValueError(MARKER)
    provider.shutdown()
    told = path.read_text()
    assert MARKER not in told
    span = json.loads(told)
    assert span["status"] == {"status_code": "ERROR", "description": "ValueError"}
    assert span["parent_id"] == "0xb7ad6b7169203331"


@pytest.mark.parametrize("header", [None, "", "x", "00-1-2", "00-zz-zz-01", "00-" + "f" * 99 + "-1-01", "00-0-0-00"])
def test_a_malformed_trace_context_begins_a_new_trace(header: str | None) -> None:
    assert telemetry.parent_of(header) is None
    with telemetry.span("handler", header):
        assert trace.get_current_span() is not None
