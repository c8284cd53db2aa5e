"""Where do spans go? To the collector that is named, to the file that is named, or nowhere."""

import subprocess
import sys
from pathlib import Path

from chassis.telemetry import FileExporter, exporters
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter


def test_to_the_collector_and_the_file_that_are_named(tmp_path: Path) -> None:
    collector, file = exporters("http://127.0.0.1:4318/v1/traces", tmp_path / "spans")
    assert isinstance(collector, OTLPSpanExporter) and collector._endpoint == "http://127.0.0.1:4318/v1/traces"
    assert isinstance(file, FileExporter)
    for one in (collector, file):
        one.shutdown()
    assert list(exporters(None, None)) == []


def test_who_names_no_collector_does_not_wait_for_its_libraries() -> None:
    asked = "import sys, chassis.service; print(any('otlp' in one for one in sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", asked], text=True).strip() == "False"
