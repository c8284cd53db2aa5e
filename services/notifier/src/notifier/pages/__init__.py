"""The pages of the notifier."""
