"""Where does an auditor read who did what? At a door for programs and at a page, the same at every service."""
