"""Was anything lost or doubled? `verify` reads every database and judges; `Report` says what it found."""

from slkt.verifying.report import Finding, Report
from slkt.verifying.run import verify, verify_here

__all__ = ["Finding", "Report", "verify", "verify_here"]
