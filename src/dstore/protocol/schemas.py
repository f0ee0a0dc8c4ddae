"""JSON Schemas of message types, under names that stay the same when other types come.

A type of `apis.pos` is named `pos.SyncStore`, one of `storefront` is `storefront.Item`, one of the vocabulary has
its bare name (`Amount`). Two of one name in the same place carry their module as well: `pds.store.Item`.
"""

from __future__ import annotations

import inspect
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import inspect as types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Schema = dict[str, Any]

PREFIX = "#/components/schemas/"


class Schemas:
    """The component schemas of some types and of everything they are made of."""

    def __init__(self, kinds: Iterable[Any]) -> None:
        kinds = list(kinds)
        structs = _structs(types.multi_type_info(kinds))
        names = _names(structs)
        given = Counter(one.__name__ for one in structs)
        # msgspec gives a struct its bare name, or module and name where the bare one would be ambiguous.
        renamed = {
            one.__name__ if given[one.__name__] == 1 else f"{one.__module__}.{one.__qualname__}": names[one]
            for one in structs
        }
        shown, components = msgspec.json.schema_components(kinds, ref_template=PREFIX + "{name}")
        self._shown: list[Schema] = [_tidied(one, renamed) for one in shown]
        self._kinds = kinds
        self.components = {renamed[name]: _tidied(one, renamed) for name, one in components.items()}

    def of(self, kind: Any) -> Schema:
        """Return the schema of one of the given types; a struct's is a reference."""
        return self._shown[self._kinds.index(kind)]

    def let_clear(self, kind: Any, refused: Callable[[str], bool]) -> None:
        """Let the optional members of a message also be empty, whatever their type: that deletes the field.

        Texts that must say something stay as they are, and members of which `refused` says that they can not be empty.
        """
        name = str(self.of(kind)["$ref"]).removeprefix(PREFIX)
        component = self.components[name]
        fixed = set(component.get("required", ()))
        members = {
            member: one if member in fixed or one.get("minLength") or refused(member) else _or_empty(one)
            for member, one in component["properties"].items()
        }
        self.components[name] = {**component, "properties": members}


def _structs(roots: Sequence[types.Type]) -> list[type]:
    """Return the struct classes that types are made of, each once, in the order of their appearance."""
    found: dict[type, None] = {}
    waiting = list(reversed(roots))
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, types.StructType):
            if kind.cls in found:
                continue
            found[kind.cls] = None
        waiting.extend(reversed(list(_parts(kind))))
    return list(found)


def _parts(kind: types.Type) -> Iterator[types.Type]:
    if isinstance(kind, types.Metadata):
        yield kind.type
    elif isinstance(kind, types.StructType):
        yield from (field.type for field in kind.fields)
    elif isinstance(kind, types.ListType):
        yield kind.item_type
    elif isinstance(kind, types.DictType):
        yield kind.value_type
    elif isinstance(kind, types.UnionType):
        yield from kind.types


def _names(structs: Sequence[type]) -> dict[type, str]:
    short = {one: _joined(_place(one), one.__name__) for one in structs}
    times = Counter(short.values())
    return {
        one: name if times[name] == 1 else _joined(_place(one), one.__module__.rpartition(".")[2], one.__name__)
        for one, name in short.items()
    }


def _place(kind: type) -> str:
    """Return the family of an API's type, nothing for the shared vocabulary, else the package."""
    parts = kind.__module__.split(".")[1:]
    if parts[:1] == ["apis"]:
        return parts[1]
    return "" if parts[:1] == ["vocabulary"] else parts[0] if parts else ""


def _joined(*parts: str) -> str:
    return ".".join(filter(None, parts))


def _tidied(schema: Any, renamed: dict[str, str]) -> Any:
    """Give references their new names, and leave out what says nothing."""
    if isinstance(schema, list):
        return [_tidied(one, renamed) for one in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {name: _tidied(one, renamed) for name, one in schema.items() if name != "title" or isinstance(one, dict)}
    if isinstance(schema.get("$ref"), str):
        tidy["$ref"] = PREFIX + renamed[schema["$ref"].removeprefix(PREFIX)]
    if isinstance(tidy.get("description"), str):
        # Since Python 3.13 docstrings come without their indentation; this makes all versions alike.
        tidy["description"] = inspect.cleandoc(tidy["description"])
    if tidy.get("examples") == [""]:
        del tidy["examples"]
    if tidy.get("required") == []:
        del tidy["required"]
    choices = tidy.get("enum")
    if isinstance(choices, list) and all(isinstance(one, str) for one in choices):
        tidy = {"type": "string", **tidy}
    only = tidy.get("anyOf")
    if isinstance(only, list) and len(only) == 1:
        del tidy["anyOf"]
        tidy = {**only[0], **tidy}
    return tidy


def _or_empty(schema: Schema) -> Schema:
    described: Schema = {name: schema[name] for name in ("description", "examples") if name in schema}
    bare = {name: one for name, one in schema.items() if name not in described}
    return {**described, "anyOf": [bare, {"$ref": PREFIX + "Empty"}]}


EMPTY: Schema = {"description": "An empty text, object or list: deletes the field.", "enum": ["", {}, []]}
