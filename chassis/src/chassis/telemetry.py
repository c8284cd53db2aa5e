"""How is one matter's way followed? W3C trace context on every message, kept in ``unsent``, recorded when sampled."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from random import getrandbits, random

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags

from chassis.settings import ServiceSettings

_tracer = trace.get_tracer("slkt")


class FileExporter(SpanExporter):
    """One JSON object a line: where there is no collector, spans can be read all the same."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        for span in spans:
            self._file.write(json.dumps(json.loads(span.to_json(indent=None))) + "\n")
        self._file.flush()
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        self._file.close()


def start(service: str, settings: ServiceSettings) -> TracerProvider:
    """Sets the process' tracer provider: sampled by ratio at the first hop, by the parent's decision after it."""
    provider = TracerProvider(
        resource=Resource.create({"service.name": f"slkt-{service}"}),
        sampler=ParentBased(ALWAYS_ON),
    )
    _drawn.ratio = settings.trace_ratio
    for exporter in exporters(settings.trace_endpoint, settings.trace_file):
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider


def exporters(endpoint: str | None, file: Path | None) -> Iterator[SpanExporter]:
    if endpoint:
        yield import_module("chassis.collector").exporter(endpoint)
    if file:
        yield FileExporter(file)


class _Drawn:
    """Which share of traces that begin here is recorded."""

    ratio = 1.0


_drawn = _Drawn()
#: The context of a trace that is not recorded: it is carried on, and the SDK (some 60 µs a span) is left out.
_carried: ContextVar[str | None] = ContextVar("carried", default=None)


def traceparent() -> str | None:
    """The present span as a W3C ``traceparent``; None outside of any trace."""
    if carried := _carried.get():
        return carried
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


def parent_of(header: str | None) -> SpanContext | None:
    """Reads a ``traceparent``; None for a missing or malformed one."""
    parts = (header or "").split("-")
    if len(parts) != 4:
        return None
    try:
        trace_id, span_id, flags = int(parts[1], 16), int(parts[2], 16), int(parts[3], 16)
    except ValueError:
        return None
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return context if context.is_valid else None


@contextmanager
def span(name: str, parent: str | None = None, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[None]:
    """Runs a block inside a span that continues ``parent``. Names only: attributes would invite personal data."""
    context = parent_of(parent)
    if context.trace_flags.sampled if context else random() < _drawn.ratio:
        with _recorded(name, context, kind):
            yield
        return
    token = _carried.set(parent if context else f"00-{getrandbits(128):032x}-{getrandbits(64):016x}-00")
    try:
        yield
    finally:
        _carried.reset(token)


@contextmanager
def _recorded(name: str, context: SpanContext | None, kind: SpanKind) -> Iterator[None]:
    around = trace.set_span_in_context(NonRecordingSpan(context)) if context else None
    with _tracer.start_as_current_span(
        name, context=around, kind=kind, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except Exception as error:
            # The kind of failure only: an exception's text may quote a person.
            current.set_status(StatusCode.ERROR, type(error).__name__)
            raise
