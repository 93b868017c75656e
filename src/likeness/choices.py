"""Settings that are a choice among the entries of a package: `Annotated[Distribution, Choice(...)]`.

A value is an instance, a name, or a mapping with a name and settings; configuration files have the mapping.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import core_schema

from likeness import registry
from likeness.errors import UserError


@dataclass(frozen=True)
class Choice:
    """Marks a type, the base class of the options, as a choice by name."""

    package: str
    """Package in which names are looked up."""
    requires: str = ""
    """Class attribute, such as `has_density`, that must be true for a class to be offered."""

    def __get_pydantic_core_schema__(self, base: type, _: Any) -> core_schema.CoreSchema:
        document = core_schema.plain_serializer_function_ser_schema(_document, info_arg=True)
        build = partial(self.build, base)
        return core_schema.no_info_plain_validator_function(build, serialization=document)

    def build(self, base: type, value: Any) -> Any:
        """The instance of `base` for a value. Raises ValueError, with a message of one line, if the value
        is not valid."""
        if isinstance(value, base):
            return self._check_offered(base, type(value).name, type(value)) and value
        document = {"name": value} if isinstance(value, str) else value
        if not isinstance(document, Mapping) or not isinstance(document.get("name"), str):
            raise ValueError("It must be a name, or a mapping with a name")
        cls = self.member(base, document["name"])
        settings = {key: setting for key, setting in document.items() if key != "name"}
        return TypeAdapter(cls).validate_python(settings)

    def member(self, base: type, name: str) -> type:
        """The class called `name`. Raises ValueError, with similar names, if there is none or it is not
        offered."""
        try:
            cls = registry.entry(self.package, name, registry.Entry)
        except UserError as error:
            if name not in registry.names(self.package):
                raise self._unknown(base, name) from None
            raise ValueError(str(error)) from None
        return self._check_offered(base, name, cls)

    def members(self, base: type) -> dict[str, type]:
        """The loaded classes that may be chosen, by name."""
        classes = registry.classes(self.package, base)
        return {name: cls for name, cls in classes.items() if self._offers(base, cls)}

    def names(self, base: type) -> list[str]:
        """Names that may be chosen, including those of entry points that are not loaded yet."""
        other = {*registry.names(self.package)} - registry.classes(self.package, registry.Entry).keys()
        return sorted({*self.members(base), *other})

    def _offers(self, base: type, cls: type) -> bool:
        return issubclass(cls, base) and bool(not self.requires or getattr(cls, self.requires, False))

    def _check_offered(self, base: type, name: str, cls: type) -> type:
        if not self._offers(base, cls):
            raise ValueError(
                f"{name!r} is not possible here, choose one of {', '.join(self.members(base))}"
            )
        return cls

    def _unknown(self, base: type, name: str) -> ValueError:
        kind = self.package.rpartition(".")[2]
        suggestion = registry.suggestion(name, self.names(base))
        return ValueError(f"{name!r} is not among the {kind}, {suggestion}")


def _document(value: Any, info: Any) -> dict[str, Any]:
    settings = TypeAdapter(type(value)).dump_python(value, mode=info.mode)
    return {"name": registry.name_of(type(value))} | settings
