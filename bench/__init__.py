"""Measurements of the integration beside what else could do its work."""
