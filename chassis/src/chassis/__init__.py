"""What every service has: repository, relay, messaging, doors, sealing, health. Knows no particular message."""
