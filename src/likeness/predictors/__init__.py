"""Predictors: networks of our own that read labels or attributes off images."""
