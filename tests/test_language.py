"""Names of functions: verbs, or nouns for what they return, never a bare participle."""

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
