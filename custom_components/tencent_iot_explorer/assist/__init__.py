"""Device actions by voice and by language models."""
