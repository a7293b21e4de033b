"""How products and their entities come, change and go while an entry is loaded."""
