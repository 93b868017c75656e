"""Files where the user asked for them."""

from pathlib import Path

from likeness.errors import RunError, UserError
from likeness.files import atomic


def write_output(out: Path, content: bytes) -> Path:
    """Write a file to where the user asked for it. UserError if it cannot be written."""
    if not out.name:
        raise UserError("--out names no file; choose another --out")
    try:
        atomic.write(out, content)
    except RunError as error:
        raise UserError(str(error).partition(";")[0] + "; choose another --out") from None
    return out
