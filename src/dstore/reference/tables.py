"""What the reference shows of an OpenAPI document: families of operations, objects and their fields.

The page and the Markdown files are written from the same values, which are ready to be shown: texts, no schemas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dstore import samples
from dstore.protocol.schemas import PREFIX
from dstore.reference import fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dstore.reference.fields import Field

ANSWER = {"Answer", "Result", "Empty"}
RULE_DATA = "rule data"


class Object(NamedTuple):
    """An object with its fields; `title` is the name without its place."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]


class Sample(NamedTuple):
    """A sample message: its title, and the message as JSON text."""

    name: str
    title: str
    description: str
    text: str


class Operation(NamedTuple):
    """An API or endpoint with everything that belongs to it alone."""

    name: str
    title: str
    method: str
    paths: tuple[str, ...]
    summary: str
    description: str
    is_signed: bool
    parameters: tuple[Field, ...]
    objects: tuple[Object, ...]
    samples: tuple[Sample, ...]
    answers: tuple[tuple[str, str], ...]


class Family(NamedTuple):
    """The operations of one tag."""

    name: str
    title: str
    description: str
    operations: tuple[Operation, ...]


class Scene(NamedTuple):
    """What the `ruleData` of a scene decodes to, on which kind of object."""

    kind: str
    name: str
    shape: Field


class Tables(NamedTuple):
    """Everything the reference shows of a document."""

    about: str
    version: str
    how_to_sign: str
    headers: tuple[Field, ...]
    answer_headers: tuple[Field, ...]
    result: Object
    codes: Mapping[str, Mapping[str, str]]
    families: tuple[Family, ...]
    scenes: tuple[Scene, ...]
    scene_objects: tuple[Object, ...]
    shared: tuple[Object, ...]
    limits: Mapping[str, Mapping[str, Any]]
    findings: Mapping[str, Mapping[str, str]]


def read(document: Mapping[str, Any]) -> Tables:
    """Read an OpenAPI document of ours."""
    parts = document["components"]
    owners = _owners(document)
    result = parts["schemas"]["Result"]
    return Tables(
        about=document["info"]["description"],
        version=document["info"]["version"],
        how_to_sign=parts["securitySchemes"]["signedCall"]["description"],
        headers=tuple(_parameter(one) for one in parts["parameters"].values()),
        answer_headers=tuple(_parameter({**one, "name": name}) for name, one in parts["headers"].items()),
        result=_object("Result", result, document),
        codes=document["x-result-codes"],
        families=tuple(_family(tag, document, owners) for tag in document["tags"]),
        scenes=tuple(_scenes(document)),
        scene_objects=_owned(document, owners, {RULE_DATA}),
        shared=tuple(
            _object(name, schema, document)
            for name, schema in parts["schemas"].items()
            if name not in ANSWER and len(owners.get(name, ())) != 1
        ),
        limits=document["x-limits"],
        findings=document["x-findings"],
    )


def _family(tag: Mapping[str, str], document: Mapping[str, Any], owners: Mapping[str, set[str]]) -> Family:
    operations = tuple(
        _operation(path, method, one, document, owners)
        for path, method, one in _operations(document)
        if tag["name"] in one["tags"]
    )
    return Family(tag["name"], tag["x-title"], tag["description"], operations)


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield each operation once, under its own path."""
    for path, item in document["paths"].items():
        for method, one in item.items():
            if one.get("x-canonical-path", path) == path:
                yield path, method, one


def _operation(
    path: str, method: str, one: Mapping[str, Any], document: Mapping[str, Any], owners: Mapping[str, set[str]]
) -> Operation:
    also = [other for other, item in document["paths"].items() if _is_alias(item, path) and other != path]
    is_signed = "security" in one
    return Operation(
        name=one["operationId"],
        title=one.get("x-api", path),
        method=method.upper(),
        paths=(path, *also),
        summary=one["summary"],
        description=one.get("description", ""),
        is_signed=is_signed,
        parameters=() if is_signed else tuple(_parameter(each) for each in one.get("parameters", ())),
        objects=_owned(document, owners, {one["operationId"]}),
        samples=tuple(_samples(one)),
        answers=() if is_signed else tuple((code, each["description"]) for code, each in one["responses"].items()),
    )


def _is_alias(item: Mapping[str, Any], path: str) -> bool:
    return any(one.get("x-canonical-path") == path for one in item.values())


def _samples(operation: Mapping[str, Any]) -> Iterator[Sample]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    for name, one in content.get("examples", {}).items():
        yield Sample(name, one["summary"], one["description"], samples.laid_out(one["value"]))


def _scenes(document: Mapping[str, Any]) -> Iterator[Scene]:
    for kind, table in document["x-rule-data"].items():
        for scene, schema in table.items():
            yield Scene(kind, scene, fields.read(scene, schema, document, required=True))


def _parameter(one: Mapping[str, Any]) -> Field:
    described = {**one["schema"], "description": one.get("description", "")}
    return fields.read_header(one["name"], described, required=one.get("required", False))


def _object(name: str, schema: Mapping[str, Any], document: Mapping[str, Any]) -> Object:
    required = schema.get("required", ())
    members = tuple(
        fields.read(member, one, document, required=member in required)
        for member, one in schema.get("properties", {}).items()
    )
    return Object(name, name.rpartition(".")[2], schema.get("description", ""), members)


def _owned(document: Mapping[str, Any], owners: Mapping[str, set[str]], owner: set[str]) -> tuple[Object, ...]:
    """Return the objects that only one place shows, the outermost first."""
    schemas = document["components"]["schemas"]
    return tuple(_object(name, schemas[name], document) for name, found in owners.items() if found == owner)


def _owners(document: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return for each object the places that lead to it, objects in the order in which they are met."""
    owners: dict[str, set[str]] = {}
    roots = [(one["operationId"], [one.get("requestBody"), _answer(one)]) for _, _, one in _operations(document)]
    for owner, schema in [*roots, (RULE_DATA, document["x-rule-data"])]:
        for name in reachable(document, schema):
            owners.setdefault(name, set()).add(owner)
    return owners


def _answer(operation: Mapping[str, Any]) -> Any:
    """Return what holds the schema of a good answer of an unsigned operation."""
    return None if "security" in operation else operation["responses"]["200"]


def reachable(document: Mapping[str, Any], schema: Any) -> list[str]:
    """Return the names of all components that a schema leads to, in the order in which they are met."""
    found: dict[str, None] = {}
    waiting = list(reversed(list(_references(schema))))
    while waiting:
        name = waiting.pop()
        if name not in found and name not in ANSWER:
            found[name] = None
            waiting.extend(reversed(list(_references(document["components"]["schemas"][name]))))
    return list(found)


def _references(schema: Any) -> Iterator[str]:
    """Yield the components named inside a schema; examples are not looked into."""
    if isinstance(schema, dict):
        name = schema.get("$ref")
        if isinstance(name, str) and name.startswith(PREFIX):
            yield name.removeprefix(PREFIX)
        for key, one in schema.items():
            if key not in {"examples", "example"}:
                yield from _references(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from _references(one)
