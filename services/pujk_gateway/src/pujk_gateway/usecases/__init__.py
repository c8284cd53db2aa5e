"""The stories of the gateway, one class each: what it hears, what firms do, what OJK decides, what is shown."""
