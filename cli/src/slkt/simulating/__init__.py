"""A year of services by the volumes that were published, seeded, through the real doors."""
