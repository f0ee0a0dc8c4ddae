"""What follows for items and options when groups have too little left to choose from. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec import UNSET
from msgspec.structs import replace

from dstore.catalog.choices import PRODUCTS, can_be_chosen, is_lacking
from dstore.storefront.resolved import Item, Option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dstore.catalog.choices import RulePaths
    from dstore.storefront.reasons import Explainer
    from dstore.storefront.resolved import Group, Hidden, Reason

_Thing = TypeVar("_Thing", Item, Option)


class Settling:
    """Marks what can not be ordered because a group it needs can not be chosen from.

    `hidden` are options that are not shown: where one is lacking, the answer may change when it is.
    """

    def __init__(
        self, groups: Iterable[Group], paths: RulePaths, explainer: Explainer, hidden: Iterable[Hidden] = ()
    ) -> None:
        self._groups = {group.id: group for group in groups}
        self._paths = paths
        self._explainer = explainer
        self._looked_at: set[str] = set()
        self._short: set[str] = set()
        self._why: dict[str, Reason] = {}
        self._hidden: dict[str, list[Hidden]] = {}
        for one in hidden:
            self._hidden.setdefault((one.where or {})["group"], []).append(one)
        for name in self._groups:
            self._look_at(name)

    def settled(self, thing: _Thing) -> _Thing:
        """Return an item or option as unavailable when one of its groups asks for more than there is, else as it is."""
        if not thing.available or thing.groups is UNSET or self._short.isdisjoint(thing.groups):
            return thing
        name = next(name for name in thing.groups if name in self._short)
        return replace(thing, available=False, reason=self._why[name])

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
            self._note_short(group)

    def _note_short(self, group: Group) -> None:
        self._short.add(group.id)
        needed = [one for one in group.options if is_lacking(one)]
        asking = self._paths.quantity(group, needed[0] if needed else None)
        if group.available:
            failing = self._failing(group, needed)
            group.available, group.reason = False, self._explainer.follow("NOT_ENOUGH_OPTIONS", failing, asking)
        end = None if group.reason is UNSET else self._explainer.end(group.reason)
        self._why[group.id] = self._explainer.why("NOT_ENOUGH_OPTIONS", asking, end)

    def _failing(self, group: Group, needed: list[Option]) -> Iterator[tuple[str, Reason]]:
        """Yield why options can not be chosen (those that are needed, else all), each with what stands before its rule."""
        reasons = [(one.id, one.reason) for one in needed or group.options]
        if not needed:
            reasons += [(one.id, one.reason) for one in self._hidden.get(group.id, ())]
        for option_id, reason in reasons:
            if reason is not UNSET:
                # A product whose own groups are short names them by their whole path, as they are products too.
                is_whole = reason.rule is not UNSET and reason.rule.startswith(f"{PRODUCTS.groups}[")
                yield "" if is_whole else f"{self._paths.option(group.id, option_id)}.", reason
