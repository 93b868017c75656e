"""Signatures of the package, checked at every call in the tests: types, and shapes where there are any.

jaxtyping binds and checks the arguments of every function twice, also of those that name no shape. Here
beartype checks them once, and a function that names a shape gets a context in which axes have to agree.
"""

import dataclasses
import functools
import inspect
import typing
from collections.abc import Callable
from typing import Any

import jaxtyping
from beartype import beartype
from beartype.roar import BeartypeCallHintViolation

_jaxtyped = jaxtyping.jaxtyped
_checked = set[Any]()
"""Constructors of dataclasses that are checked already."""


def install() -> None:
    """Make jaxtyping's import hook decorate with `check`."""
    jaxtyping.jaxtyped = lambda *, typechecker: check


def check(target: Any) -> Any:
    """A function, property or dataclass whose signature is checked when it is called."""
    if inspect.isclass(target):
        constructor = vars(target).get("__init__")
        if dataclasses.is_dataclass(target) and constructor and constructor not in _checked:
            target.__init__ = check(constructor)
            _checked.add(target.__init__)
        return target
    if isinstance(target, classmethod | staticmethod):
        return type(target)(check(target.__func__))
    if isinstance(target, property):
        return property(*[part and check(part) for part in (target.fget, target.fset, target.fdel)])
    return _check_function(target)


def _check_function(function: Callable[..., Any]) -> Callable[..., Any]:
    hints = inspect.get_annotations(function).values()
    has_shape = any(map(_names_shape, hints))
    if any(isinstance(hint, str) for hint in hints) or (
        has_shape and inspect.isgeneratorfunction(function)
    ):
        return _jaxtyped(function, typechecker=beartype)
    checked = beartype(function)

    def check_types(*args: Any, **kwargs: Any) -> Any:
        if jaxtyping.config.jaxtyping_disable:
            return function(*args, **kwargs)
        return checked(*args, **kwargs)

    def check_shapes(*args: Any, **kwargs: Any) -> Any:
        if jaxtyping.config.jaxtyping_disable:
            return function(*args, **kwargs)
        with _jaxtyped("context"):
            try:
                return checked(*args, **kwargs)
            except BeartypeCallHintViolation as error:
                raise TypeError(str(error)) from error

    return functools.wraps(function)(check_shapes if has_shape else check_types)


def _names_shape(hint: Any) -> bool:
    """Whether a type, or one within it, is of arrays of a shape."""
    if inspect.isclass(hint) and issubclass(hint, jaxtyping.AbstractArray):
        return True
    return any(_names_shape(part) for part in typing.get_args(hint))
