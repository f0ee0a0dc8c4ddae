"""The family's meaning of an update: absent stays, given replaces, empty deletes. Pure functions.

Two members are merged instead of replaced, as the updateItem page says: texts by column and language, SKUs by id.
Translations of what stood inside a list go with it when it is replaced by another.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog.language_tags import tag
from dstore.catalog.pds_sync_texts import is_inside
from dstore.findings import Finding
from dstore.results import ParamIllegal

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T", bound=msgspec.Struct)
Patch = Callable[[bytes, str | None], tuple[bytes, str | None]]
"""From an object's document and status to the new ones; raises ParamIllegal when the whole would break a rule."""
_TEXTS = "multi_language_details"
_ABOVE = {"store_id", "category_id", "menu_id", "menu_type"}
"""Ids of what an object belongs to: they are in its key, say which object is meant, and never change."""
_OUTSIDE = {*_ABOVE, "item_status"}
"""What a document's update leaves alone: the same, and the status, which has a column of its own."""


def patching(
    shape: type[msgspec.Struct],
    given: Any,
    clears: frozenset[str],
    status: str | UnsetType,
    check: Callable[[Any], None],
) -> Patch:
    """Return the patch that puts `given` into documents of a shape and checks the whole."""
    decode = _decoder(shape).decode

    def patch(doc: bytes, was: str | None) -> tuple[bytes, str | None]:
        old = decode(doc)
        new = patched(old, given, clears)
        if new is not old:
            check(new)
            doc = msgspec.json.encode(new)
        return doc, was if status is UNSET else status

    return patch


@cache
def _decoder(shape: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


@cache
def members(shape: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Return a type's members, found out once: msgspec reads them off the annotations each time it is asked."""
    return msgspec.structs.fields(shape)


def kept(shape: type[T], given: Any) -> T:
    """Return as much of a message as an object's document holds: its members, without ids that are in its key alone."""
    names = (one.name for one in members(shape) if one.required or one.name not in _ABOVE)
    return shape(**{name: getattr(given, name) for name in names})


def patched(old: T, given: msgspec.Struct, clears: Iterable[str]) -> T:
    """Return `old` with what is given put in and what is cleared taken out; `old` itself when that is nothing.

    Raises ParamIllegal for a required field that is cleared, or a SKU that does not exist.
    """
    changes = _changes(old, given, clears)
    texts = changes.get(_TEXTS, getattr(old, _TEXTS, UNSET))
    others = [] if texts is UNSET else _other_lists(old, changes)
    if others:
        changes[_TEXTS] = _lasting(texts, given, others) or UNSET
    return msgspec.structs.replace(old, **changes) if changes else old


def _changes(old: msgspec.Struct, given: msgspec.Struct, clears: Iterable[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for field in members(type(old)):
        name = field.name
        if name in _OUTSIDE:
            continue
        if field.encode_name in clears:
            if field.required:
                raise ParamIllegal.because(
                    [Finding(field.encode_name, "update.empty", "is required and can not be cleared")]
                )
            changes[name] = UNSET
            continue
        value = getattr(given, name, UNSET)
        if value is not UNSET:
            merge = _MERGES.get(name)
            changes[name] = merge(getattr(old, name), value) if merge else value
    return changes


def _other_lists(old: msgspec.Struct, changes: dict[str, Any]) -> list[str]:
    """Return the names of lists that become others."""
    return [
        field.encode_name
        for field in members(type(old))
        if field.name in changes and field.name not in _MERGES
        and isinstance(was := getattr(old, field.name), list) and changes[field.name] != was
    ]  # fmt: skip


def _lasting(texts: list[Any], given: msgspec.Struct, others: list[str]) -> list[Any]:
    """Return texts without those inside lists that become others: they tell of what stood there. Given ones stay."""
    came = set(getattr(given, _TEXTS, UNSET) or ())
    return [one for one in texts if one in came or not any(is_inside(one.column, member) for member in others)]


def _merge_texts(old: Any, given: list[Any]) -> list[Any]:
    """Each text replaces the one of its column and language, however that is spelt, or is added."""
    texts = {(text.column, tag(text.language_key)): text for text in (() if old is UNSET else old)}
    texts.update({(text.column, tag(text.language_key)): text for text in given})
    return list(texts.values())


def _merge_skus(old: Any, given: list[Any]) -> list[Any]:
    """Each SKU must exist and is patched; SKUs that are not listed stay."""
    skus = {sku.sku_id: sku for sku in (() if old is UNSET else old)}
    for index, patch in enumerate(given):
        was = skus.get(patch.sku_id)
        if was is None:
            raise ParamIllegal(f"skus[{index}].skuId: no SKU '{patch.sku_id[:60]}' in the item")
        skus[patch.sku_id] = one_spelling(patched(was, one_spelling(patch), ()))
    return list(skus.values())


def one_spelling(thing: Any) -> Any:
    """Return an object with its rules under `businessRules`, whichever of the two names they came under, if any."""
    if getattr(thing, "business_rule", UNSET) is UNSET:
        return thing
    rules = thing.business_rule if thing.business_rules is UNSET else thing.business_rules
    return msgspec.structs.replace(thing, business_rules=rules, business_rule=UNSET)


_MERGES = {_TEXTS: _merge_texts, "skus": _merge_skus}
