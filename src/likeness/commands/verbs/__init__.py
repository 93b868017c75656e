"""Verbs: one command in each file, a function of the file's name with `@verb`.

To add one: a file beside these, and its name in `commands/__init__.pyi`. Imports of anything that is not
light stand in the function, so that help is quick.
"""
