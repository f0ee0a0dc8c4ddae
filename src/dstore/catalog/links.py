"""Links between modifier groups and add-on items of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from dstore.catalog.graphs import find_circle
from dstore.catalog.kinds import ADDON, MODIFIER_GROUP
from dstore.vocabulary.objects import StoredGroup, StoredItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.storage.port import Reading


def circle_through(reading: Reading, tree: int, addon: str, groups: Sequence[str]) -> list[str]:
    """Return the circle that arises when an add-on item gets these groups; empty when there is none."""
    below: dict[str, list[str]] = {f"add-on {addon}": [f"group {group}" for group in groups]}
    waiting = list(groups)
    seen: set[str] = set()
    while waiting:
        group = waiting.pop()
        if group in seen:
            continue
        seen.add(group)
        children = _children(reading, tree, group)
        below[f"group {group}"] = [f"add-on {child}" for child in children]
        for child in children:
            if child != addon and f"add-on {child}" not in below:
                following = _groups(reading, tree, child)
                below[f"add-on {child}"] = [f"group {one}" for one in following]
                waiting.extend(following)
    return find_circle(below)


def _doc(reading: Reading, tree: int, kind: int, key: str) -> bytes | None:
    row = reading.row(
        "select doc from entry where tree = ? and kind = ? and key = ? and deleted = 0", (tree, kind, key)
    )
    return None if row is None else bytes(row[0])


def _children(reading: Reading, tree: int, group: str) -> list[str]:
    doc = _doc(reading, tree, MODIFIER_GROUP.number, group)
    return [] if doc is None else msgspec.json.decode(doc, type=StoredGroup).child_item_ids


def _groups(reading: Reading, tree: int, addon: str) -> list[str]:
    doc = _doc(reading, tree, ADDON.number, addon)
    groups = UNSET if doc is None else msgspec.json.decode(doc, type=StoredItem).modifier_group_ids
    return [] if groups is UNSET else groups
