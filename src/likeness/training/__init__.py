"""Training: the engine that plays the game of any objective."""
