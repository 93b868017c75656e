"""Reading: the way from a stored item to an array (height, width, channels).

An item is decoded (`items`, `decoding`, or a slice of an array), brought to the size, channels and depth
that were asked for (`fitting`), and, for a trained model, made to be what that takes (`conforming`):
refused where it is not, or bent to fit with a note of each change. Whole data sets are surveyed first and
gathered into one array (`pictures`, `encoded`, `gathering`).
"""
