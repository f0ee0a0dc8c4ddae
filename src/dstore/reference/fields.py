"""One member's schema in words: its type, its limits, its values, an example."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from dstore.protocol.schemas import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EMPTY = PREFIX + "Empty"


class Field(NamedTuple):
    """A member of an object, ready to be shown; `link` names the object that the type's last word stands for."""

    name: str
    type: str
    link: str
    required: bool
    limits: tuple[str, ...]
    choices: tuple[str, ...]
    description: str
    example: str


def read(name: str, schema: Mapping[str, Any], document: Mapping[str, Any], *, required: bool) -> Field:
    """Describe a member; without a description of its own it has that of the object it holds."""
    words, link = _type(schema)
    shown = schema.get("examples", [])
    description = schema.get("description", "")
    if not description and link:
        description = document["components"]["schemas"][link].get("description", "")
    return Field(
        name=name,
        type=words,
        link=link,
        required=required,
        limits=tuple(_limits(schema, document.get("x-limits", {}))),
        choices=tuple(_choices(schema)),
        description=description,
        example=json.dumps(shown[0], ensure_ascii=False) if shown else "",
    )


def read_header(name: str, schema: Mapping[str, Any], *, required: bool) -> Field:
    """Describe a header or parameter; its example is plain text."""
    bare = {member: one for member, one in schema.items() if member != "examples"}
    return read(name, bare, {}, required=required)._replace(example="".join(schema.get("examples", [])[:1]))


def _options(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the schemas a value may fit, without the one that clears a field."""
    return [one for one in schema.get("anyOf", [schema]) if one.get("$ref") != EMPTY]


def _type(schema: Mapping[str, Any]) -> tuple[str, str]:
    """Return the type in words, and the object that the last of them names."""
    kinds = list(dict.fromkeys(_single_type(one) for one in _options(schema)))
    return " or ".join(words for words, _ in kinds), kinds[-1][1]


def _single_type(schema: Mapping[str, Any]) -> tuple[str, str]:
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix(PREFIX)
        return name.rpartition(".")[2], name
    if schema.get("type") == "array" and "items" in schema:
        words, link = _type(schema["items"])
        return f"array of {words}", link
    if isinstance(schema.get("additionalProperties"), dict):
        words, link = _type(schema["additionalProperties"])
        return f"object of {words}", link
    return str(schema.get("type", "any")), ""


def _choices(schema: Mapping[str, Any]) -> Iterator[str]:
    for one in _options(schema):
        yield from (str(each) for each in one.get("enum", ()))
        if one.get("type") == "array":
            yield from _choices(one.get("items", {}))


def _limits(schema: Mapping[str, Any], limits: Mapping[str, Any], each: str = "") -> Iterator[str]:
    for one in _options(schema):
        said = list(_bounds(one))
        named = limits.get(one.get("x-limit", schema.get("x-limit", "")))
        mark = "" if named is None else " (documented)" if named["documented"] else " (assumed)"
        yield from (f"{each}{bound}{mark}" for bound in said)
        if one.get("type") == "array":
            yield from _limits(one.get("items", {}), limits, "each ")
    if any(one.get("$ref") == EMPTY for one in schema.get("anyOf", ())):
        yield "or empty, to delete it"


def _bounds(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from _bound(schema.get("minLength"), schema.get("maxLength"), "character")
    yield from _bound(schema.get("minItems"), schema.get("maxItems"), "element")
    yield from _bound(schema.get("minProperties"), schema.get("maxProperties"), "member")
    yield from _bound(schema.get("minimum"), schema.get("maximum"), "")


def _bound(least: int | None, most: int | None, unit: str) -> Iterator[str]:
    plural = f" {unit}s" if unit else ""
    if least is not None and most is not None:
        yield f"{least:,} to {most:,}{plural}"
    elif most is not None:
        yield f"at most {most:,}{plural}"
    elif least is not None:
        yield f"at least {least:,}" + (f" {unit}" if least == 1 and unit else plural)
