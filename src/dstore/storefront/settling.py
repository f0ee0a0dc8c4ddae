"""What follows for items and options when groups have too little left to choose from. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from dstore.catalog.choices import can_be_chosen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dstore.storefront.reasons import Explainer
    from dstore.storefront.resolved import Group, Item, Option


class Settling:
    """Marks what can not be ordered because a group it needs can not be chosen from."""

    def __init__(self, groups: Iterable[Group], kind: str, explainer: Explainer) -> None:
        self._groups = {group.id: group for group in groups}
        self._kind = kind
        self._explainer = explainer
        self._enough: dict[str, bool] = {}
        for name in self._groups:
            self._suffices(name)

    def settle(self, thing: Item | Option) -> None:
        """Make an item or option unavailable when one of its groups asks for more than there is."""
        if not thing.available or thing.groups is UNSET:
            return
        for name in thing.groups:
            if not self._enough.get(name, True):
                thing.available = False
                thing.reason = self._explainer.why("NOT_ENOUGH_OPTIONS", f"{self._kind}[{name}].quantityRule")
                return

    def _suffices(self, name: str) -> bool:
        known = self._enough.get(name)
        if known is not None:
            return known
        # No feed may make a circle of groups; should one exist, it must not make reading endless.
        self._enough[name] = True
        group = self._groups[name]
        for option in group.options:
            if option.available and option.groups is not UNSET:
                for below in option.groups:
                    if below in self._groups:
                        self._suffices(below)
                self.settle(option)
        self._enough[name] = can_be_chosen(group)
        if not self._enough[name] and group.available:
            group.available = False
            group.reason = self._explainer.why("NOT_ENOUGH_OPTIONS")
        return self._enough[name]
