"""What devices report, and what is written to them: values of properties, and events."""
