"""A real Home Assistant beside the emulated cloud, to look at and to try."""
