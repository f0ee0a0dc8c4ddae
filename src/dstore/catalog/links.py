"""Links between modifier groups and add-on items of a store: what they name exists, none lead in a circle or too deep.

A link is a name in the document of the object that has it. It stays when what it names is deleted, leads nowhere then,
and leads there again once that is added again; so whoever adds an object again is checked as if the links were new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from dstore.catalog.graphs import find_circle, longest_path
from dstore.catalog.kinds import ADDON, ITEM, MODIFIER_GROUP, Kind
from dstore.catalog.pds_lookup import living
from dstore.results import ParamIllegal
from dstore.vocabulary.limits import most

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.catalog.entries import TreeTerm
    from dstore.storage.port import Query, Reading

FEW = 50
Node = tuple[int, str]
Graph = dict[Node, list[Node]]


class _Links(msgspec.Struct, rename="camel"):
    """As much of an item or a group as leads to others."""

    modifier_group_ids: list[str] = []
    child_item_ids: list[str] = []


_read = msgspec.json.Decoder(_Links).decode


def links_of(doc: bytes) -> list[tuple[Kind, str]]:
    """Return the groups that an item has, or the add-on items that a group has."""
    found = _read(doc)
    groups = [(MODIFIER_GROUP, name) for name in found.modifier_group_ids]
    return groups + [(ADDON, name) for name in found.child_item_ids]


def are_few(kind: Kind, links: Sequence[str]) -> bool:
    """Return whether an object's links are checked with a few statements: all chains go through what is not an item."""
    return len(links) <= (FEW if kind is ITEM else 0)


def groups_at(term: TreeTerm, kind: Kind, links: Sequence[str]) -> list[Query]:
    """Return what is asked of the groups that an item has; links of another kind are followed through the tree."""
    return [living(term, MODIFIER_GROUP, link) for link in links] if kind is ITEM else []


def refuse_broken(reading: Reading, term: TreeTerm, kind: Kind, own: str, links: Sequence[str], path: str) -> None:
    """Raise ParamIllegal when an object may not have these links.

    A SINGLE needs only that its groups exist: it is at the top of every chain and no level of its own.
    """
    to = ADDON if kind is MODIFIER_GROUP else MODIFIER_GROUP
    if kind is ITEM:
        found = reading.each(*groups_at(term, kind, links))
        _refuse_missing({link for link, keys in zip(links, found, strict=True) if keys}, to, links, path)
    elif links:
        graph = _stored(reading, term)
        _refuse_missing({name for number, name in graph if number == to.number}, to, links, path)
        me = (kind.number, own)
        graph[me] = [(to.number, link) for link in links]
        _refuse_shape({node: [one for one in held if one in graph] for node, held in graph.items()}, me, path)


def _refuse_missing(living: set[str], kind: Kind, links: Sequence[str], path: str) -> None:
    for index, link in enumerate(links):
        if link not in living:
            raise ParamIllegal(f"{path}[{index}]: no {kind.word} '{link[:80]}' in the store")


def _refuse_shape(graph: Graph, me: Node, path: str) -> None:
    """Refuse a circle through an object, and a chain through it that has too many groups."""
    below = _reached(graph, me)
    circle = find_circle(below)
    if circle:
        raise ParamIllegal(f"{path}: makes a circle: {' > '.join(circle[:10])}")
    holders: Graph = {}
    for holder, held in graph.items():
        for one in held:
            holders.setdefault(one, []).append(holder)
    # Groups and add-on items take turns; a group itself is in both halves of its chain.
    own = int(me[0] == MODIFIER_GROUP.number)
    halves = (longest_path(below)[0], longest_path(_reached(holders, me))[0])
    levels = sum((half + own) // 2 for half in halves) - own
    if levels > most("nesting"):
        raise ParamIllegal(f"{path}: nests {levels} levels of groups, at most {most('nesting')} are allowed")


def _stored(reading: Reading, term: TreeTerm) -> Graph:
    """Return the links of all living groups and add-on items of a tree."""
    tree, named = term
    rows = reading.rows(
        f"select kind, key, doc from entry where tree = {tree} and kind in (?, ?) and deleted = 0",
        (*named, ADDON.number, MODIFIER_GROUP.number),
    )
    return {(number, key): [(kind.number, name) for kind, name in links_of(bytes(doc))] for number, key, doc in rows}


def _reached(graph: Graph, start: Node) -> dict[str, list[str]]:
    """Return the part of a graph that a node leads to, in words."""
    found: dict[str, list[str]] = {}
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if _word(node) not in found:
            following = graph.get(node, [])
            found[_word(node)] = [_word(one) for one in following]
            waiting.extend(following)
    return found


def _word(node: Node) -> str:
    return f"{'group' if node[0] == MODIFIER_GROUP.number else 'add-on'} {node[1]}"
