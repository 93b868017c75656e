"""Recipes: one file for each paper, whose tables are trained and measured from one command."""
