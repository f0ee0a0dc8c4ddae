"""Mutants of samples: documents that were right, and bytes that were JSON, each changed in a few places."""

from __future__ import annotations

import copy
import json
from typing import Any, NamedTuple

from hypothesis import strategies as st

from dstore import samples

PADDING = b" " * 33_000
"""As much as makes a body take the way of large ones."""

NUMBERS = [
    -1, 0, 1, 5, 99, 100, 101, 255, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 10**400,
    0.0, -0.0, 0.5, 1.0, 1e15, 1e308, 5e-324, -1e308,
]  # fmt: skip
TEXTS = [
    "", " ", "0", "1", "-1", "1e3", "null", "true", "{}", "[]", '{"a":1}', "x" * 32, "x" * 33, "x" * 64, "x" * 65, "x" * 255, "x" * 256,
    "x" * 1024, "x" * 1025, "x" * 4096, "x" * 70_000, "💥" * 255, "💥" * 256, "\0", "a\0b", "\x01", "\x7f", "\ud800", "\udfff\ud800",
    "\ufeff", "\u2028\u2029", "\u202eevil", "\u0301" * 100, "\u0130\u0131\u017fK", "e\u0301", "é", "\U0010ffff", "\ufffe\uffff", "\r\n", "\t", "'", '"', "\\", "%",
    "_", "$", "?", "%s", "{0}", "'; drop table store; --", "<script>alert(1)</script>", "javascript:alert(1)", "../../etc/passwd", "%00", "\\u0000",
    "AVAILABLE", "SOLDOUT", "available", "SINGLE", "ADDON", "GROUP", "MODIFIER", "DELETED", "OPEN", "CLOSED", "PICKUP", "DINEIN", "SGD", "XXX", "JPY",
    "00:00", "24:00", "24:01", "9:00", "23:59", "2024-02-30T00:00:00Z", "2026-11-22T04:00:00+08:00", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "2026-11-22", "GMT+8:00", "GMT+15:00", "+08:00", "UTC", "Asia", "Asia/Singapore", "posixrules", "zone.tab",
    "/etc/localtime", "\uff11\uff12", "٣", "1.30", "999999", "NaN", "Infinity", "FIXED", "MONDAY", "PRICE_SCHEDULE", "DELIVERY_DISTANCE",
]  # fmt: skip
NAMES = [
    "", " ", "requestId", "requestid", "REQUEST_ID", "request_id", "posProductId", "status", "store", "stores", "items", "itemInfo", "businessRule",
    "businessRules", "skus", "isDeleted", "__proto__", "constructor", "a.b", "a[0]", "é", "💥", "x" * 300, "\0", "$ref", "_id",
]  # fmt: skip


class Mutant(NamedTuple):
    """A body to be sent in place of a sample."""

    sample: int
    body: bytes
    changes: tuple[str, ...]


Place = tuple[Any, Any]


def places(value: Any) -> list[Place]:
    """Return every (container, key) below a value."""
    found: list[Place] = []
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        found.append((value, key))
        found.extend(places(value[key]))
    return found


def texts(value: Any) -> list[str]:
    """Return every text in a value."""
    return [box[key] for box, key in places(value) if isinstance(box[key], str)]


def deeper(value: Any, levels: int, *, lists: bool) -> Any:
    """Return a value with so many containers around it."""
    for _ in range(levels):
        value = [value] if lists else {"a": value}
    return value


# One function for each kind of change. Each changes the document in place, at a place of it.


def drop(_draw: Any, _document: Any, box: Any, key: Any) -> None:
    del box[key]


def rename(draw: Any, document: Any, box: Any, key: Any) -> None:
    if isinstance(box, dict):
        value = box.pop(key)
        known = [one for holder, one in places(document) if isinstance(holder, dict)]
        name = draw(st.sampled_from(NAMES) | st.sampled_from([*known, key]))
        box[draw(st.sampled_from([name, key.upper(), f" {key}"]))] = value


def double(draw: Any, _document: Any, box: Any, key: Any) -> None:
    if isinstance(box, list):
        box.insert(draw(st.integers(0, len(box))), copy.deepcopy(box[key]))
    else:
        box[draw(st.sampled_from(NAMES))] = copy.deepcopy(box[key])


def number(draw: Any, _document: Any, box: Any, key: Any) -> None:
    box[key] = draw(st.sampled_from(NUMBERS) | st.integers(-10, 2**33))


def text(draw: Any, _document: Any, box: Any, key: Any) -> None:
    box[key] = draw(st.sampled_from(TEXTS) | st.text(max_size=20))


def plausible(draw: Any, _document: Any, box: Any, key: Any) -> None:
    """Put another value of the same type here, one that may well be right."""
    if isinstance(box[key], str):
        box[key] = draw(st.text(min_size=1, max_size=30))
    elif isinstance(box[key], int):
        box[key] = draw(st.integers(0, 1000))
    elif isinstance(box[key], list) and box[key]:
        box[key] = draw(st.permutations(box[key]))[: draw(st.integers(1, len(box[key])))]


def other_type(draw: Any, _document: Any, box: Any, key: Any) -> None:
    value = box[key]
    box[key] = draw(
        st.sampled_from([None, True, False, str(value), [value], {"a": value}, [], {}, [None], [[]], {"": None}])
    )


def same_text(draw: Any, document: Any, box: Any, key: Any) -> None:
    """Put another text of the document here: ids that are twice there, that lead in a circle, or to another kind."""
    box[key] = draw(st.sampled_from(texts(document) or ["x"]))


def paste(draw: Any, document: Any, box: Any, key: Any) -> None:
    """Put another part of the document here."""
    other, name = draw(st.sampled_from(places(document)))
    box[key] = copy.deepcopy(other[name])


def many(draw: Any, _document: Any, box: Any, key: Any) -> None:
    if isinstance(box[key], list):
        box[key] = draw(
            st.sampled_from([[], box[key] * 2, box[key] * 10, box[key][::-1], box[key][:-1], box[key] * 60])
        )
    else:
        box[key] = [copy.deepcopy(box[key]) for _ in range(draw(st.sampled_from([1, 2, 21, 51, 101])))]


def nest(draw: Any, _document: Any, box: Any, key: Any) -> None:
    levels = draw(st.sampled_from([1, 2, 10, 11, 12, 50, 60, 62, 63, 64, 70, 150]))
    box[key] = deeper(box[key], levels, lists=draw(st.booleans()))


def groups_in_groups(draw: Any, document: Any, _box: Any, _key: Any) -> None:
    """Let modifier groups nest in each other, or products hold each other."""
    holders = [one[key] for one, key in places(document) if isinstance(one[key], dict) and "modifierGroups" in one[key]]
    products = [one[key] for one, key in places(document) if isinstance(one[key], dict) and "posProductId" in one[key]]
    if holders:
        one = draw(st.sampled_from(holders))
        inner: Any = copy.deepcopy(one["modifierGroups"])
        for level in range(draw(st.integers(1, 12))):
            item = {"itemId": f"i{level}", "itemTitle": "t", "priceInfo": {"saleAmount": 1, "currency": "SGD"}}
            group = {"groupId": f"g{level}", "groupName": "g", "quantityRule": {"min": 0, "max": 1}}
            inner = [{"modifierGroupInfo": group, "childItems": [{"itemInfo": item, "modifierGroups": inner}]}]
        one["modifierGroups"] = inner
    elif products:
        ids = [product["posProductId"] for product in products]
        one = draw(st.sampled_from(products))
        one["subProducts"] = draw(st.lists(st.sampled_from(ids), max_size=4))


def embedded(draw: Any, _document: Any, box: Any, key: Any) -> None:
    """Change JSON that is a text of the document, such as ruleData."""
    try:
        inner = json.loads(box[key])
    except (TypeError, ValueError):
        text(draw, _document, box, key)
        return
    whole = {"": inner}
    change(draw, whole)
    form = draw(st.sampled_from([(",", ":"), (" ,", ": ")]))
    box[key] = json.dumps(whole.get(""), separators=form, ensure_ascii=draw(st.booleans()))


CHANGES = (
    drop, rename, double, number, text, other_type, same_text, paste, many, nest, groups_in_groups, embedded,
    plausible, plausible, plausible, plausible,
)  # fmt: skip


def change(draw: Any, document: Any) -> str:
    """Make one change somewhere in a document; return its name."""
    where = places(document)
    if not where:
        return "nothing"
    box, key = draw(st.sampled_from(where))
    kind = draw(st.sampled_from(CHANGES))
    if kind is embedded:
        inside = [(one, name) for one, name in where if isinstance(one[name], str) and one[name][:1] in "[{"]
        box, key = draw(st.sampled_from(inside)) if inside else (box, key)
    kind(draw, document, box, key)
    name: str = kind.__name__
    return name


def to_bytes(draw: Any, document: Any) -> bytes:
    """Write a document down in one of the ways of writing it."""
    escaped = draw(st.booleans())
    raw = json.dumps(document, ensure_ascii=escaped, indent=draw(st.sampled_from([None, None, 1])))
    return raw.encode("utf-8", "surrogatepass")


def bytes_changed(draw: Any, raw: bytes) -> bytes:
    """Cut bytes out of a body, put others in, or repeat a part."""
    start = draw(st.integers(0, len(raw)))
    end = min(len(raw), start + draw(st.integers(0, 20)))
    put = st.binary(max_size=4) | st.sampled_from(
        [b"", b"\xff", b"\\u0000", b"\\ud800", b"[" * 80, b'"', b",", b"}", b"1e400"]
    )
    repeated: bytes = raw[start:end] * draw(st.sampled_from([0, 1, 2]))
    return raw[:start] + bytes(draw(put)) + repeated + raw[end:]


@st.composite
def mutants(draw: Any) -> Mutant:
    """Mutants of all samples: mostly of the document, sometimes of its bytes."""
    index = draw(st.integers(0, len(samples.all()) - 1))
    document = {"": copy.deepcopy(samples.all()[index].body)}
    names = [change(draw, document[""]) for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3, 4])))]
    raw = to_bytes(draw, document[""])
    if draw(st.integers(0, 9)) == 0:
        raw = bytes_changed(draw, raw)
        names.append("bytes")
    if draw(st.integers(0, 4)) == 0:
        raw += PADDING
        names.append("large")
    return Mutant(index, raw, tuple(names))
