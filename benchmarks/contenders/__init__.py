"""What is timed: a file for each family, whose public functions are contenders.

A contender is a function of a `Pace` and of the options of its comparison; it never returns.
"""
