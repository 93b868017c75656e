"""Networks: one file for each family, which builds every player for images of any shape."""
