"""What a person does in a browser, in front of a real Home Assistant."""
