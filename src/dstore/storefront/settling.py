"""What follows for items and options when groups have too little left to choose from. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec import UNSET
from msgspec.structs import replace

from dstore.catalog.choices import can_be_chosen
from dstore.storefront.resolved import Item, Option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dstore.catalog.choices import RulePaths
    from dstore.storefront.reasons import Explainer
    from dstore.storefront.resolved import Group

_Thing = TypeVar("_Thing", Item, Option)


class Settling:
    """Marks what can not be ordered because a group it needs can not be chosen from."""

    def __init__(self, groups: Iterable[Group], paths: RulePaths, explainer: Explainer) -> None:
        self._groups = {group.id: group for group in groups}
        self._paths = paths
        self._explainer = explainer
        self._looked_at: set[str] = set()
        self._short: set[str] = set()
        for name in self._groups:
            self._look_at(name)

    def settled(self, thing: _Thing) -> _Thing:
        """Return an item or option as unavailable when one of its groups asks for more than there is, else as it is."""
        if not thing.available or thing.groups is UNSET or self._short.isdisjoint(thing.groups):
            return thing
        name = next(name for name in thing.groups if name in self._short)
        why = self._explainer.why("NOT_ENOUGH_OPTIONS", self._paths.quantity(self._groups[name]))
        return replace(thing, available=False, reason=why)

    def _look_at(self, name: str) -> None:
        # No feed may make a circle of groups; should one exist, it must not make reading endless.
        if name in self._looked_at or name not in self._groups:
            return
        self._looked_at.add(name)
        group = self._groups[name]
        for index, option in enumerate(group.options):
            if option.available and option.groups is not UNSET:
                for below in option.groups:
                    self._look_at(below)
                group.options[index] = self.settled(option)
        if not can_be_chosen(group):
            self._short.add(name)
            if group.available:
                group.available, group.reason = False, self._explainer.why("NOT_ENOUGH_OPTIONS")
