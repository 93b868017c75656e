"""A setting that is a choice among the entries of an open package: `Annotated[Distribution, Choice(...)]`.

It is an instance, a name, or a mapping of a name and settings; a document has the mapping.
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
    """Marks a type, the base of what may be chosen, as a choice by name."""

    package: str
    """Where names are looked up."""
    needs: str = ""
    """The flag of a class, such as `density`, without which it is not offered."""

    def __get_pydantic_core_schema__(self, base: type, _: Any) -> core_schema.CoreSchema:
        document = core_schema.plain_serializer_function_ser_schema(_document, info_arg=True)
        made = partial(self.made, base)
        return core_schema.no_info_plain_validator_function(made, serialization=document)

    def made(self, base: type, value: Any) -> Any:
        """The instance of `base` that a value stands for. ValueError, of one line, if it is none."""
        if isinstance(value, base):
            return self._check_offered(base, type(value).name, type(value)) and value
        given = {"name": value} if isinstance(value, str) else value
        if not isinstance(given, Mapping) or not isinstance(given.get("name"), str):
            raise ValueError("It must be a name, or a mapping with one")
        cls = self.member(base, given["name"])
        settings = {key: setting for key, setting in given.items() if key != "name"}
        return TypeAdapter(cls).validate_python(settings)

    def member(self, base: type, name: str) -> type:
        """The class of that name. ValueError names the near ones if there is none, or it is not offered."""
        try:
            cls = registry.entry(self.package, name, registry.Entry)
        except UserError as error:
            if name not in registry.names(self.package):
                raise self._unknown(base, name) from None
            raise ValueError(str(error)) from None
        return self._check_offered(base, name, cls)

    def members(self, base: type) -> dict[str, type]:
        """The classes at hand that may be chosen, by name."""
        found = registry.classes(self.package, base)
        return {name: cls for name, cls in found.items() if self._offers(base, cls)}

    def names(self, base: type) -> list[str]:
        """Names that may be chosen; entry points that nobody has asked for are not asked what they are."""
        other = {*registry.names(self.package)} - registry.classes(self.package, registry.Entry).keys()
        return sorted({*self.members(base), *other})

    def _offers(self, base: type, cls: type) -> bool:
        return issubclass(cls, base) and bool(not self.needs or getattr(cls, self.needs, False))

    def _check_offered(self, base: type, name: str, cls: type) -> type:
        if not self._offers(base, cls):
            raise ValueError(f"{name!r} will not do here, choose one of {', '.join(self.members(base))}")
        return cls

    def _unknown(self, base: type, name: str) -> ValueError:
        kind = self.package.rpartition(".")[2]
        near = registry.near(name, self.names(base))
        return ValueError(f"{name!r} is not among the {kind}, {near}")


def _document(value: Any, info: Any) -> dict[str, Any]:
    settings = TypeAdapter(type(value)).dump_python(value, mode=info.mode)
    return {"name": registry.name_of(type(value))} | settings
