"""What all update calls of the family share: absent stays, given replaces, empty deletes, isDeleted deletes the object.

An update's message checks what it says by itself; the object with the update in it is checked as a whole, where it is
known. Nothing of an update is applied unless every object that it means stays right.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog.patching import Patch, members, one_spelling, patching
from dstore.catalog.pds_entries import DeleteEntries, PatchEntries
from dstore.findings import Finding
from dstore.protocol import reading
from dstore.protocol.api import Change, Clears, refuse_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dstore.catalog.pds_lookup import Selector

_SELECTING = ("storeId", "menuId", "menuType", "categoryId", "isDeleted")
"""Members of an update that say what is meant: deleting one, as empty members do, would widen the meaning."""


def update(
    message: Any,
    clears: Clears,
    selector: Selector,
    shape: type[msgspec.Struct],
    check: Callable[[Any, str], Iterator[Finding]],
    *,
    links: Sequence[str] | UnsetType = UNSET,
    status: str | UnsetType = UNSET,
) -> Change:
    """Return the change or deletion of every object that a selector names.

    `shape` is the object as it is kept and `check` yields what is wrong with one; `links` are the groups or add-on
    items that the message names, and `status` is the new one, for objects that have one beside their document.
    """
    patch = patch_of(message, clears, shape, check, status)
    if message.is_deleted == "DELETED":
        return DeleteEntries(selector)
    return PatchEntries(selector, patch, () if links is UNSET else links)


def patch_of(
    message: Any,
    clears: Clears,
    shape: type[msgspec.Struct],
    check: Callable[[Any, str], Iterator[Finding]],
    status: str | UnsetType = UNSET,
) -> Patch:
    """Return the patch that a message asks for; raise ParamIllegal when it empties what can not be empty."""
    refuse_errors(Finding(name, "update.empty", "can not be empty") for name in _SELECTING if name in clears)
    refuse_errors(
        Finding(name, "update.empty", "is required and can not be cleared")
        for name in _required(shape)
        if name in clears
    )
    if "businessRule" in clears:
        clears |= {"businessRules"}
    return patching(shape, one_spelling(message), clears, status, lambda whole: _check_whole(whole, shape, check))


def nothing_more(_whole: Any, _path: str) -> Iterator[Finding]:
    """Yield no findings: some objects have no rules beyond their types."""
    yield from ()


@cache
def _required(shape: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(one.encode_name for one in members(shape) if one.required)


def _check_whole(whole: Any, shape: type[msgspec.Struct], check: Callable[[Any, str], Iterator[Finding]]) -> None:
    # Merged lists may have grown beyond their limits; what is kept must be readable as what it is.
    refuse_errors(reading.faults_of(msgspec.json.encode(whole), shape))
    refuse_errors(Finding(one.path.removeprefix("."), one.rule, one.cause) for one in check(whole, ""))
