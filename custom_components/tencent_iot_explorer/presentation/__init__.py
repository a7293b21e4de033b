"""What Home Assistant makes of data types, whatever their values are for."""
