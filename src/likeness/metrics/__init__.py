"""Metrics: one file for each; what each says of a model is a number for every image, with an interval."""
