"""Models: trained autoencoders in memory, and their codes of whole data sets."""
