"""Similarity: the perceptual metric, its control distances, and distortions of images."""
