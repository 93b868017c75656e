"""Predictors: networks of the package that predict labels or attributes of images, and feature networks."""
