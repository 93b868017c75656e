"""The error for a part that a method does not have, in commands, in Python and on pages."""

from likeness.errors import UserError

EXAMPLES = {
    "encoder": "vae_gan",
    "discriminator": "vae_gan",
    "classifier": "aae_semi",
    "classes": "aae_semi",
}
"""Parts of methods, each with a method that has it."""


def missing_part_error(method: str, part: str) -> UserError:
    """The error for a part that a method does not have, with a method that has it."""
    return UserError(f"{method} has no {part}; train a method that has, such as {EXAMPLES[part]}")
