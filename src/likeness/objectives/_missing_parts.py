"""What is said, in a command, in Python and on a page, where a method has not what it is asked for."""

from likeness.errors import UserError

EXAMPLES = {
    "encoder": "vae_gan",
    "discriminator": "vae_gan",
    "classifier": "aae_semi",
    "classes": "aae_semi",
}
"""What a method may have, and one that has it."""


def missing_part_error(method: str, what: str) -> UserError:
    """The refusal of something that a method has not."""
    return UserError(f"{method} has no {what}; train a method that has, such as {EXAMPLES[what]}")
