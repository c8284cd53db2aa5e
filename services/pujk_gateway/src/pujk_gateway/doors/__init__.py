"""The HTTP doors beside `http`: where firms are let in, and what their systems and people do."""
