"""The pages of the documentation: what they tell to type, and the links between them."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md")))]
LONG = "# needs the data, and hours"
"""The first line of a block of commands that no test carries out."""
SMALL = {"--net": "mlp", "--net.hidden": "16", "--latent": "8", "--batch": "8", "--steps": "3"}
"""What a training of a page is made small with, where it does not say that itself."""
LESS = {"--size": "16", "--minutes": "9"}
"""What a training of a page is given in place of its own; minutes become steps."""


class Command(NamedTuple):
    """A command of a page."""

    words: list[str]
    long: bool
    """Whether it is in a block that needs data or hours."""


def text(page: str) -> str:
    """A page, with the files that it includes."""
    include = re.compile(r'^--8<-- "(.*)"$', re.M)
    return include.sub(lambda found: (ROOT / found[1]).read_text(), (ROOT / page).read_text())


def commands(page: str) -> list[Command]:
    """All that a page has `likeness` do, in order."""
    found = []
    for block in re.findall(r"```sh\n(.*?)```", text(page), re.S):
        for name, value in re.findall(r'^(\w)="(.*)"$', block, re.M):
            block = block.replace(f"${name}", value)
        lines = block.replace("\\\n", " ").splitlines()
        for line in (line for line in lines if line.startswith("likeness ")):
            found.append(Command(shlex.split(line, comments=True)[1:], block.startswith(LONG)))
    return found


def program(page: str) -> str:
    """The Python of a page, block after block, with short trainings."""
    blocks = re.findall(r"```python\n(.*?)```", text(page), re.S)
    return re.sub(r"steps=\d{3,}", "steps=2, net={'name': 'mlp', 'hidden': 8}", "\n".join(blocks))


def quick(words: list[str]) -> list[str]:
    """A command with less to do."""
    words = [LESS.get(before, word) for before, word in zip(["", *words], words)]
    words = ["--steps" if word == "--minutes" else word for word in words]
    if words[0] != "train" or "--resume" in words:
        return words
    small = SMALL | {"--batch": "32"} if "digits" in words else SMALL
    return words + [word for name in small.keys() - {*words} for word in (name, small[name])]


def run_made(words: list[str]) -> Path | None:
    """The directory that a training makes."""
    new = words[0] == "train" and not {"--resume", "--dry-run"} & {*words}
    return Path(words[2]) if new else None


def links(page: str) -> list[str]:
    """The files that a page links to."""
    found = re.findall(r"\]\(([^)#]+)[^)]*\)", text(page))
    return [link for link in found if "://" not in link]
