"""The stories of routing, one class each: tickets one by one, and many in one act."""
