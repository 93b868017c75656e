"""Names of functions: verbs, or nouns for what they return, never a bare participle; and docstrings."""

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import likeness
from test_house import functions, relative

IRREGULAR = {
    *("made", "said", "told", "shown", "drawn", "taken", "given", "written"),
    *("seen", "found", "kept", "lent", "known", "chosen", "meant"),
}
NO_PARTICIPLES = {"embed", "seed", "docstring", "setting", "training"}
"""Verbs and nouns that end as participles do."""
VERBS = {"is", "was", "check", "limit", "load", "read", "update", "use"}
"""With one of these before it, a participle is what the verb is about: `is_missing`, `read_sealed`."""
LEFT = {
    "labelled": "`split.labelled` and `batch.labelled` are what the field calls images with labels",
    "header_after_fitting": "a noun, and when it holds",
    "range_of_stored": "the noun that the values belong to, stored images, is understood in its room",
    "_images_seen": "a noun with its participle behind it",
    "_settings_used": "a noun with its participle behind it",
}
"""Names that end in a participle nevertheless, with the reason."""


def is_participle(word: str) -> bool:
    """Whether a word looks like a participle."""
    return (word.endswith(("ed", "ing")) or word in IRREGULAR) and word not in NO_PARTICIPLES


def test_functions_are_named_by_verbs_or_nouns() -> None:
    bare = {}
    for file, node in functions():
        words = node.name.strip("_").split("_")
        if is_participle(words[-1]) and words[0] not in VERBS:
            bare[node.name] = relative(file)
    assert set(bare) == set(LEFT), f"name these by a verb, or by what they return: {bare}"


def public_members() -> Iterator[tuple[str, Any]]:
    """Every public function, class, method and property of the package, with its full name."""
    for module in pkgutil.walk_packages(likeness.__path__, "likeness."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(import_module(module.name)).items():
            if name.startswith("_") or getattr(value, "__module__", "") != module.name:
                continue
            if inspect.isclass(value) or inspect.isfunction(value):
                yield f"{module.name}.{name}", value
            if inspect.isclass(value):
                yield from members_of(value, f"{module.name}.{name}")


def members_of(cls: type, path: str) -> Iterator[tuple[str, Any]]:
    """Public methods and properties that a class itself defines; a lambda is the default of a field."""
    for name, value in vars(cls).items():
        code = getattr(value, "__func__", None) or getattr(value, "fget", None) or value
        if not name.startswith("_") and inspect.isfunction(code) and code.__name__ != "<lambda>":
            yield f"{path}.{name}", getattr(cls, name)


def test_all_that_is_public_has_a_docstring_of_its_own_or_of_what_it_overrides() -> None:
    members = dict(public_members())
    assert len(members) > 1000
    assert not [path for path, member in members.items() if not inspect.getdoc(member)]
