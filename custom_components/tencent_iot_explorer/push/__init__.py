"""Pushes of the cloud: the webhook, the rules that forward to it, and what they bring."""
