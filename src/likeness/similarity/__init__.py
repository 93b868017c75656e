"""Similarity: the learned measure of likeness, what it is compared with, and distortions of images."""
