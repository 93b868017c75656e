"""Signatures of the package, checked at every call in the tests: types everywhere, and shapes where there are any.

jaxtyping binds and checks the arguments of every function twice, also of those that name no shape. Here a function is
checked once by beartype, and only one that names a shape gets a context in which the letters of shapes have to agree.
"""

import dataclasses
import functools
import inspect
import typing
from collections.abc import Callable
from typing import Any

import jaxtyping
from beartype import beartype

_jaxtyped = jaxtyping.jaxtyped
_checked = set[Any]()


def install() -> None:
    """Make jaxtyping's import hook decorate with `check`."""
    jaxtyping.jaxtyped = lambda *, typechecker: check


def check(target: Any) -> Any:
    """A function, property or dataclass whose signature is checked when it is called."""
    if inspect.isclass(target):
        if dataclasses.is_dataclass(target) and "__init__" in vars(target) and target.__init__ not in _checked:
            target.__init__ = check(target.__init__)
            _checked.add(target.__init__)
        return target
    if isinstance(target, classmethod | staticmethod):
        return type(target)(check(target.__func__))
    if isinstance(target, property):
        return property(*[part and check(part) for part in (target.fget, target.fset, target.fdel)])
    return _check_function(target)


def _check_function(function: Callable[..., Any]) -> Callable[..., Any]:
    names_shape = any(_names_shape(hint) for hint in getattr(function, "__annotations__", {}).values())
    if names_shape and inspect.isgeneratorfunction(function):
        return _jaxtyped(function, typechecker=beartype)
    checked = beartype(function)
    if not names_shape:
        return checked

    @functools.wraps(function)
    def in_context(*args: Any, **kwargs: Any) -> Any:
        with _jaxtyped("context"):
            return checked(*args, **kwargs)

    return in_context


def _names_shape(hint: Any) -> bool:
    if isinstance(hint, str):
        return True
    if inspect.isclass(hint) and issubclass(hint, jaxtyping.AbstractArray):
        return True
    return any(_names_shape(part) for part in typing.get_args(hint) if not isinstance(part, str))
