"""A package of somebody else's: one class of each kind, found by its entry points."""
