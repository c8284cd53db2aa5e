"""Intake's JSON doors that have grown a file of their own."""
