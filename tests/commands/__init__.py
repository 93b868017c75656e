"""Commands, given as a user gives them."""
