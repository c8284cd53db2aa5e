"""Where an officer decides which matters belong together: a package of pages with its own templates and words."""
