"""Documents of settings: nested mappings, as YAML files have them, in which a choice such as an optimizer
is a mapping with a `name`, or the name alone."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from likeness.errors import UserError, error_summary

Document = dict[str, Any]


def read(path: Path) -> Document:
    """The document in a YAML file. Raises UserError if it is not one; never runs code."""
    try:
        found = yaml.safe_load(path.read_text())
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as error:
        raise UserError(
            f"{path} is not a YAML file of settings ({error_summary(error, 120)}); mend it"
        ) from None
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); check the path") from None
    if not isinstance(found, dict):
        raise UserError(f"{path} holds no settings; it must be a mapping such as `method: vae_gan`")
    return found


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> Document:
    """`above` laid over `below`, key by key; a choice of another name replaces the whole choice."""
    result = dict(below)
    for key, value in above.items():
        old = with_name(result.get(key)) if isinstance(value, Mapping) else result.get(key)
        new = with_name(value) if isinstance(old, Mapping) and "name" in old else value
        if isinstance(old, Mapping) and isinstance(new, Mapping) and _same_choice(old, new):
            new = merge(old, new)
        result[key] = new
    return result


def _same_choice(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two mappings are of the same choice; one without a name is."""
    return new.get("name", old.get("name")) == old.get("name")


def with_name(value: Any) -> Any:
    """A choice given by its name alone, as a mapping."""
    return {"name": value} if isinstance(value, str) else value


def leaves(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Each setting of a document with its full name, such as `training.lr`."""
    for key, value in document.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
