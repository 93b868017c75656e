"""Training: the engine that plays an objective's game, and knows nothing of which one it is."""
