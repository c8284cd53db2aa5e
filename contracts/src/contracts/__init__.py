"""What the services say to each other, and what channels and PUJK systems say to them. Imports pydantic only."""
