"""What does a consumer fill in at ``/lapor``, and is this the right door for it? Pure: no page, no storage."""
