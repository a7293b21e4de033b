"""Devices and actions that the cloud does not have any more."""
