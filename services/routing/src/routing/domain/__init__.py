"""Routing's rules: who must answer, by when, and who is told of a delay."""
