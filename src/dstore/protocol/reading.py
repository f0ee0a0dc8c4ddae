"""Bytes to typed messages, and all findings when they do not fit.

The typed decoder stops at the first fault with a text; it is fast and decides. Only when it refuses, the
collector here walks the same types over the plain value and names every fault by its path, up to a number that
nobody mends at once: what a body makes us say may not be many times as large as the body.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
from msgspec import inspect as types

from dstore.findings import Finding
from dstore.protocol import strict_json
from dstore.protocol.closed import closed
from dstore.results import MOST_FINDINGS, ParamIllegal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")
MOST_VALUES = 4_000_000
"""Values, as told by the commas, of a body that is walked for its faults: as plain objects they take some 300 MB."""
_FAULTS = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


@cache
def _described(kind: Any) -> types.Type:
    return types.type_info(kind)


def read(body: bytes, kind: type[T]) -> T:
    """Decode one JSON document into `kind`; raise ParamIllegal with every finding when it does not fit."""
    message: T = _read_known(body, cast("Any", kind)) or _read_any(body, kind)
    if strict_json.may_hold_nul(body):
        found = _nul_findings(body)
        if found:
            raise ParamIllegal.because(found)
    return message


def _nul_findings(body: bytes) -> list[Finding]:
    if _is_too_much(body):
        return [Finding("", "json.text", "text holds a NUL character")] if strict_json.holds_nul(body) else []
    return _some(strict_json.nul_findings(msgspec.json.decode(body)))


def _is_too_much(body: bytes) -> bool:
    """Return whether a body has so many values that plain objects of them all would take too much memory."""
    return body.count(b",") > MOST_VALUES


def _read_known(body: bytes | memoryview, kind: Any) -> Any:
    """Decode a document that holds nothing but known members; None for any other.

    What the types alone allow nests no deeper than they do and is all decoded, so nothing else needs to be looked at.
    """
    decoder = _closed_decoder(kind)
    try:
        return None if decoder is None else decoder.decode(body)
    except _FAULTS:
        return None


@cache
def _closed_decoder(kind: Any) -> msgspec.json.Decoder[Any] | None:
    known = closed(kind)
    return None if known is None else msgspec.json.Decoder(known)


def _read_any(body: bytes, kind: Any, inside: int = 0) -> Any:
    """Decode a document that may hold members nobody knows, which are passed over.

    `inside` says how many levels are around it; raises ParamIllegal with every finding.
    """
    if strict_json.is_too_deep(body, inside):
        raise ParamIllegal.because([_too_deep()])
    try:
        message = _decoder(kind).decode(body)
        if not body.isascii():
            body.decode()  # the decoder passes over the bytes of members that it does not know
    except _FAULTS as fault:
        raise ParamIllegal.because(_explain(body, kind, fault)) from None
    return message


class _Named(msgspec.Struct, rename="camel"):
    request_id: str = ""


def request_id_of(body: bytes) -> str:
    """Return the requestId of a body that was refused, if it can be made out; for the log."""
    try:
        return _decoder(_Named).decode(body).request_id[:255]  # type: ignore[no-any-return]
    except _FAULTS:
        return ""


def read_part(part: bytes | msgspec.Raw, kind: Any, path: str) -> Any:
    """Decode a part of a document already read; findings carry the part's path."""
    raw = memoryview(part)
    known = _read_known(raw, kind)
    if known is not None:
        return known
    try:
        return _read_any(bytes(raw), kind, 1 + path.count(".") + path.count("["))
    except ParamIllegal as refusal:
        raise ParamIllegal.because([one.under(path) for one in refusal.findings]) from None


def findings(body: bytes, kind: Any, emptied: frozenset[str] = frozenset()) -> list[Finding]:
    """Return what there is to say about a body for the dry run, warnings included; of each kind up to a bound.

    `emptied` names members that were sent empty and whose type does not matter.
    """
    if strict_json.is_too_deep(body):
        return [_too_deep()]
    try:
        value = msgspec.json.decode(body)
    except _FAULTS as fault:
        return [_syntax(body, fault)]
    described = _described(kind)
    return [
        *strict_json.duplicate_findings(body),
        *_some(strict_json.nul_findings(value)),
        *_some(one for one in _faults(value, described, "") if one.path.partition(".")[0] not in emptied),
        *_some(unknown_members(value, described, "")),
    ]


def faults_of(text: bytes, kind: Any) -> list[Finding]:
    """Return why a text is not JSON of the type; empty when it is. For documents inside documents."""
    try:
        _decoder(kind).decode(text)
    except _FAULTS as fault:
        return _explain(text, kind, fault)
    return []


def collect(value: Any, kind: Any) -> list[Finding]:
    """Return the places where a plain value does not fit the type, in order; at most 1,000."""
    return _some(_faults(value, _described(kind), ""))


def _some(found: Iterable[Finding]) -> list[Finding]:
    return list(islice(found, MOST_FINDINGS))


def _too_deep() -> Finding:
    return Finding("", "json.depth", f"the body nests deeper than {strict_json.DEPTH_LIMIT} levels")


def _explain(body: bytes, kind: Any, fault: Exception) -> list[Finding]:
    if _is_too_much(body):
        return [_as_told(fault) if isinstance(fault, msgspec.ValidationError) else _syntax(body, fault)]
    try:
        value = msgspec.json.decode(body)
    except _FAULTS as syntax:
        return [_syntax(body, syntax)]
    return collect(value, kind) or [_as_told(fault)]


def _syntax(body: bytes, fault: Exception) -> Finding:
    if body.startswith(b"\xef\xbb\xbf"):
        return Finding("", "json.syntax", "the body begins with a byte order mark")
    if not body.strip():
        return Finding("", "json.syntax", "the body is empty")
    if isinstance(fault, UnicodeDecodeError):
        return Finding("", "json.syntax", "the body is not UTF-8")
    found = re.search(r"\(byte (\d+)\)", str(fault))
    where = ""
    if found:
        at = int(found[1])
        line = body.count(b"\n", 0, at) + 1
        column = at - (body.rfind(b"\n", 0, at) + 1) + 1
        where = f" at line {line}, column {column}"
    reason = re.sub(r" \(byte \d+\)", "", str(fault)).removeprefix("JSON is malformed: ")
    return Finding("", "json.syntax", f"the body is not JSON{where}: {reason}")


def _as_told(fault: Exception) -> Finding:
    """Turn the decoder's own text into a finding: of a body with too many values to be walked, or as a safety net."""
    text, _, place = str(fault).partition(" - at `$")
    return Finding(place.rstrip("`").lstrip("."), "type.mismatch", text)


# The collector: one small function for each kind of type.


def _bare(kind: types.Type) -> types.Type:
    """Take the description off a type."""
    while isinstance(kind, types.Metadata):
        kind = kind.type
    return kind


def _faults(value: Any, kind: types.Type, path: str) -> Iterator[Finding]:
    kind = _bare(kind)
    check = _CHECKS.get(type(kind))
    if check is not None:
        yield from check(value, kind, path)


def _name(value: Any) -> str:
    if value is None:
        return "null"
    names = {
        bool: "true or false",
        int: "a whole number",
        float: "a fraction",
        str: "text",
        list: "a list",
        dict: "an object",
    }
    return names[type(value)]


def _mismatch(path: str, expected: str, value: Any) -> Finding:
    return Finding(path, "type.mismatch", f"expected {expected}, got {_name(value)}")


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004 - enough to recognise the value


def _exceeds(count: int, kind: Any) -> bool:
    """Return whether there are more elements than are allowed: what is wrong inside then does not matter."""
    return kind.max_length is not None and count > kind.max_length


def _length(count: int, kind: Any, path: str, unit: str, rule: str) -> Iterator[Finding]:
    if kind.min_length is not None and count < kind.min_length:
        least = "must not be empty" if kind.min_length == 1 else f"needs at least {kind.min_length} {unit}"
        yield Finding(path, rule, least)
    if _exceeds(count, kind):
        yield Finding(path, rule, f"has {count:,} {unit}, at most {kind.max_length:,} are allowed")


def _text(value: Any, kind: types.StrType, path: str) -> Iterator[Finding]:
    if not isinstance(value, str):
        yield _mismatch(path, "text", value)
        return
    yield from _length(len(value), kind, path, "characters", "type.length")
    if kind.pattern is not None and re.search(kind.pattern, value) is None:
        yield Finding(path, "type.value", f"{_shown(value)} has not the expected form")


def _number(value: Any, kind: types.IntType, path: str) -> Iterator[Finding]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield _mismatch(path, "a whole number", value)
        return
    if kind.ge is not None and value < kind.ge:
        yield Finding(path, "type.range", f"{value} is below {kind.ge}")
    if kind.le is not None and value > kind.le:
        yield Finding(path, "type.range", f"{value} is above {kind.le}")


def _fraction(value: Any, kind: types.FloatType, path: str) -> Iterator[Finding]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield _mismatch(path, "a number", value)
    elif (kind.ge is not None and value < kind.ge) or (kind.le is not None and value > kind.le):
        yield Finding(path, "type.range", f"{value} is not between {kind.ge} and {kind.le}")


def _truth(value: Any, _kind: types.BoolType, path: str) -> Iterator[Finding]:
    if not isinstance(value, bool):
        yield _mismatch(path, "true or false", value)


def _literal(value: Any, kind: types.LiteralType, path: str) -> Iterator[Finding]:
    if not isinstance(value, str):
        yield _mismatch(path, "text", value)
    elif value not in kind.values:
        few = len(kind.values) <= 8  # noqa: PLR2004 - a list of a hundred currencies helps nobody
        known = f"; known are {', '.join(map(str, kind.values))}" if few else ""
        yield Finding(path, "type.value", f"{_shown(value)} is not a known value{known}")


def _list(value: Any, kind: types.ListType, path: str) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield _mismatch(path, "a list", value)
        return
    yield from _length(len(value), kind, path, "elements", "type.size")
    for index, element in enumerate(() if _exceeds(len(value), kind) else value):
        yield from _faults(element, kind.item_type, f"{path}[{index}]")


def _mapping(value: Any, kind: types.DictType, path: str) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield _mismatch(path, "an object", value)
        return
    yield from _length(len(value), kind, path, "members", "type.size")
    for name, member in () if _exceeds(len(value), kind) else value.items():
        place = strict_json.member(path, name)
        yield from _faults(name, kind.key_type, place)
        yield from _faults(member, kind.value_type, place)


def _struct(value: Any, kind: types.StructType, path: str) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield _mismatch(path, "an object", value)
        return
    for field in kind.fields:
        place = f"{path}.{field.encode_name}" if path else field.encode_name
        if field.encode_name in value:
            yield from _faults(value[field.encode_name], field.type, place)
        elif field.required:
            yield Finding(place, "type.missing", "is required")


def _union(value: Any, kind: types.UnionType, path: str) -> Iterator[Finding]:
    """A member that may be absent, or a number that may be written as text: the first real type explains."""
    tries = [_some(_faults(value, one, path)) for one in kind.types]
    if all(tries):
        same_type = [
            found for found in tries if not any(one.path == path and one.rule == "type.mismatch" for one in found)
        ]
        yield from (same_type or tries)[0]


_CHECKS: dict[type, Any] = {
    types.StrType: _text,
    types.IntType: _number,
    types.FloatType: _fraction,
    types.BoolType: _truth,
    types.LiteralType: _literal,
    types.ListType: _list,
    types.DictType: _mapping,
    types.StructType: _struct,
    types.UnionType: _union,
}


def unknown_members(value: Any, kind: types.Type, path: str) -> Iterator[Finding]:
    """Name the members that the type does not know; they are ignored."""
    kind = _bare(kind)
    if isinstance(kind, types.UnionType):
        for one in kind.types:
            yield from unknown_members(value, one, path)
    elif isinstance(kind, types.ListType) and isinstance(value, list):
        for index, element in enumerate(value):
            yield from unknown_members(element, kind.item_type, f"{path}[{index}]")
    elif isinstance(kind, types.StructType) and isinstance(value, dict):
        known = {field.encode_name: field.type for field in kind.fields}
        for name, member in value.items():
            place = strict_json.member(path, name)
            if name in known:
                yield from unknown_members(member, known[name], place)
            else:
                yield Finding(place, "type.unknown-member", "is not a member of this API and is ignored")
