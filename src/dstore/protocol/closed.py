"""Types that know their members and take no others.

A document that fits a closed type has been looked at to its last byte, and nests no deeper than the type does.
"""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

NOTHING = Literal["\0"]
"""The type of a member whose content is open: no text that is stored may hold it, so the member never fits."""


class _OpenError(Exception):
    """A type that nests without end."""


@cache
def closed(kind: Any) -> Any:
    """Return the closed twin of a type; None for a type that nests without end, or is open itself."""
    try:
        twin = _twin(kind, ())
    except _OpenError:
        return None
    return None if twin is NOTHING else twin


def _twin(kind: Any, around: tuple[Any, ...]) -> Any:
    if kind is Any or kind is object:
        return NOTHING
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _struct(kind, around)
    origin, inside = get_origin(kind), get_args(kind)
    if origin is None or origin is Literal:
        return kind
    if origin is Annotated:
        bare = _twin(inside[0], around)
        return NOTHING if bare is NOTHING else Annotated[(bare, *inside[1:])]
    parts = tuple(_twin(one, around) for one in inside)
    if NOTHING in parts:
        return NOTHING
    return Union[parts] if origin in (Union, UnionType) else origin[parts]  # noqa: UP007 - made from a tuple


def _struct(kind: type[msgspec.Struct], around: tuple[Any, ...]) -> Any:
    if kind in around:
        raise _OpenError
    members = [
        (one.name, _twin(one.type, (*around, kind)), msgspec.field(name=one.encode_name))
        if one.required
        else (one.name, _twin(one.type, (*around, kind)), msgspec.field(name=one.encode_name, default=one.default))
        for one in msgspec.structs.fields(kind)
    ]
    # All members anew, in their order: the twin is written as the type itself is.
    return msgspec.defstruct(kind.__name__, members, bases=(kind,), kw_only=True, forbid_unknown_fields=True)
