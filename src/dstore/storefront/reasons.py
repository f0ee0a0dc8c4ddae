"""Every reason why something can not be ordered or is not shown: its code, and what diners read, once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from dstore.storefront.languages import primary
from dstore.storefront.resolved import Reason
from dstore.web.languages import DEFAULT, LANGUAGES, Words, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

REASONS = {
    "STORE_CLOSED": marked("The store is closed."),
    "STORE_PAUSED": marked("The store takes no orders for now."),
    "AREA_CLOSED": marked("The food centre is closed."),
    "AREA_GONE": marked("The food centre has been removed."),
    "OUTSIDE_HOURS": marked("Outside the opening hours."),
    "OUTSIDE_AREA_HOURS": marked("Outside the food centre's opening hours."),
    "OUTSIDE_SERVICE_HOURS": marked("Not served at this time."),
    "NOT_OFFERED": marked("The store does not offer this."),
    "NO_DELIVERY": marked("The store does not deliver."),
    "TOO_FAR": marked("The store does not deliver that far."),
    "NO_MENU": marked("There is no menu for this yet."),
    "SOLD_OUT": marked("Sold out."),
    "SOLD_OUT_BY_RULE": marked("Not available at this time."),
    "NO_VARIANT": marked("All variants are sold out."),
    "NOT_ENOUGH_OPTIONS": marked("A choice it needs is sold out."),
    "MENU_HIDDEN": marked("The menu is not in use."),
    "HIDDEN": marked("The store does not show this."),
    "OTHER_SERVICE": marked("The menu is for another way of ordering."),
    "NOT_AT_THIS_TIME": marked("Not shown at this time."),
    "PARENT_GONE": marked("What it stood in has been removed."),
    "GONE": marked("It has been removed."),
    "NO_ITEM": marked("There is no item %(id)s."),
    "NO_OPTION": marked("There is no option %(id)s here."),
    "WHICH_GROUP": marked("Several groups have the option %(id)s; name the group."),
    "VARIANT_NEEDED": marked("Choose a variant of %(name)s."),
    "NO_VARIANT_OF": marked("%(name)s has no variant %(id)s."),
    "TOO_FEW": marked("Choose at least %(least)d of %(name)s."),
    "TOO_MANY": marked("Choose at most %(most)d of %(name)s."),
    "SEVERAL_SERVICES": marked("The basket mixes ways of ordering: %(services)s."),
    "NO_PRICE": marked("%(name)s has no price."),
    "OTHER_CURRENCY": marked("%(name)s is priced in another currency."),
}


_NEVER = datetime.max.replace(tzinfo=UTC)


def spoken(asked: Sequence[str]) -> str:
    """Return the language of the program that suits a diner best."""
    return next((one for one in map(primary, asked) if one in LANGUAGES), DEFAULT)


class Explainer:
    """Makes reasons in a language of the program, with moments in the store's zone."""

    def __init__(self, zone: tzinfo, language: str = DEFAULT) -> None:
        self._zone = zone
        self._words = Words(language)
        self._said: dict[tuple[str, str | None, datetime | None], Reason] = {}
        self._written: dict[datetime, str] = {}
        self._read: dict[str, datetime] = {}

    def why(self, code: str, rule: str | None = None, until: datetime | None = None) -> Reason:
        """Return a reason; the same one for the same rule and moment, as many things of a menu have the same."""
        said = self._said.get((code, rule, until))
        if said is None:
            text, end = self._words.say(REASONS[code]), UNSET if until is None else self.moment(until)
            said = self._said[code, rule, until] = Reason(code, text, UNSET if rule is None else rule, end)
        return said

    def follow(self, code: str, others: Iterable[tuple[str, Reason]], rule: str | None = None) -> Reason:
        """Return a reason that follows from others, each given with what stands before its rule.

        It names the rule of the one that may change first, and ends with that; `rule` is for others that name none.
        """
        first = min(others, key=self._turn, default=None)
        if first is None:
            return self.why(code, rule)
        before, other = first
        return self.why(code, rule if other.rule is UNSET else f"{before}{other.rule}", self.end(other))

    def _turn(self, other: tuple[str, Reason]) -> tuple[datetime, bool]:
        return self.end(other[1]) or _NEVER, other[1].rule is UNSET

    def end(self, reason: Reason) -> datetime | None:
        """Return when a reason that was made here may change; None: not by itself."""
        return None if reason.until is UNSET else self._read[reason.until]

    def say(self, code: str, **values: Any) -> str:
        """Return the text of a code with its values."""
        return self._words.say(REASONS[code], **values)

    def moment(self, moment: datetime) -> str:
        """Return a moment as documents write it."""
        known = self._written.get(moment)
        if known is None:
            known = self._written[moment] = moment.astimezone(self._zone).isoformat(timespec="seconds")
            self._read.setdefault(known, moment)
        return known
