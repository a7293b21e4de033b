"""Running device actions: services, inputs, outcomes."""
