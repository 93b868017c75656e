"""Data in memory: arrays, tensors, data sets and frames of a Python program as images and columns.

`values` sees what it is given; a new kind of value is a function there that returns a `Table`.
"""
