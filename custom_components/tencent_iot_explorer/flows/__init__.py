"""The forms behind the dialogs."""
