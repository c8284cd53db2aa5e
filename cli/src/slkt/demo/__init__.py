"""Complaints and questions go the whole way on this machine, and everything is counted at the end."""
