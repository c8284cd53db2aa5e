"""Secrets of machines, not of people: channels' API keys and firms' client secrets, in one shape."""
