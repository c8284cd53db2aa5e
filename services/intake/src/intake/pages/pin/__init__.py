"""Where a lost PIN is replaced: a package of pages with its own templates and words."""
