"""What the cloud does not have any more, and entities that have no place any more."""
