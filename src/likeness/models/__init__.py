"""Models: a trained autoencoder in memory, and what it makes of many images."""
