"""``/lapor``: a consumer brings a matter in five steps, without a log-in, with or without a script."""
