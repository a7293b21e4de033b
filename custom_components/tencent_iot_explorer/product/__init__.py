"""What is known of a product: data template, devices, settings."""
