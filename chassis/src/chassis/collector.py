"""How do spans reach a collector? Loaded only where one is named: its libraries take a tenth of a service's start."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import SpanExporter


def exporter(endpoint: str) -> SpanExporter:
    return OTLPSpanExporter(endpoint=endpoint)
