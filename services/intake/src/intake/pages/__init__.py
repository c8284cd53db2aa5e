"""Intake's doors for browsers: consumers bring a matter at ``/lapor``. One package below this for each way in."""
