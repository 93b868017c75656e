"""Images with their labels, from a word or a path to batches in [-1, 1]: `load`, then `Batches`."""
