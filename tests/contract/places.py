"""Every member of a message by its place, read off its type, and putting values there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import inspect as types

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[str | int, ...]


def bare(kind: types.Type) -> types.Type:
    """Return a type without its description; of several the first."""
    while isinstance(kind, types.Metadata | types.UnionType):
        kind = kind.type if isinstance(kind, types.Metadata) else kind.types[0]
    return kind


def members(kind: types.Type, path: Place, depth: int) -> Iterator[tuple[Place, types.Type]]:
    """Yield every member below a type by its place, lists by their first element."""
    kind = bare(kind)
    if isinstance(kind, types.StructType) and depth:
        for one in kind.fields:
            yield (*path, one.encode_name), one.type
            yield from members(one.type, (*path, one.encode_name), depth - 1)
    elif isinstance(kind, types.ListType):
        yield (*path, 0), kind.item_type
        yield from members(kind.item_type, (*path, 0), depth)


def placed(document: Any, place: Place, value: Any) -> bool:
    """Put a value at a place; return whether the place is there."""
    for step in place[:-1]:
        try:
            document = document[step]
        except (KeyError, IndexError):
            return False
    if isinstance(place[-1], int) and not document:
        return False
    document[place[-1]] = value
    return True


def named(place: Place) -> str:
    """Return a place as messages name it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
