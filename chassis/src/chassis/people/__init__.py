"""Accounts of people: who may log in, with what, and what a log-in is good for. An issuer of tokens has them."""
