"""Reading: the way from a stored item to an array (height, width, channels)."""
