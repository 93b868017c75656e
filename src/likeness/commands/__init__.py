"""Commands: one file for each verb; its `run(words)` is what the verb does."""
