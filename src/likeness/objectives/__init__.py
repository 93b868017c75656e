"""Objectives: one file for each method, a game of losses between networks."""
