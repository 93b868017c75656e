"""Likeness: autoencoders whose measure of likeness is learned from your own data."""

__version__ = "0.1.0"
