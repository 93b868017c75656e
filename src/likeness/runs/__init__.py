"""Runs: a run is a directory, and only this room knows its layout."""
