"""Money, times and rules as diners read them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import dates

from dstore.web.formats import Formats
from dstore.web.languages import Words, locale, marked

if TYPE_CHECKING:
    from dstore.storefront.resolved import Quantity

SERVICES = {"PICKUP": marked("Pickup"), "DINEIN": marked("Dine in"), "DELIVERY": marked("Delivery")}
SERVING = {"SERVE_TO_TABLE": marked("Served at your table"), "SELF_PICKUP": marked("Collect at the counter")}
_CODE = re.compile(r"(?<=[A-Z]{3})(?=\d)|(?<=\d)(?=[A-Z]{3})")
MANY = 99
"""More than this is no limit that a diner would meet."""


@lru_cache(maxsize=20_000)
def money(language: str, amount: int, currency: str) -> str:
    """Return an amount; a menu says the same ones over and over."""
    # A code of letters stands apart from the number (CLDR); a sign does not.
    return _CODE.sub("\u00a0", Formats(language).money(amount, currency))


class Phrases:
    """Says things in one language, on one day."""

    def __init__(self, language: str, today: date) -> None:
        self._language = language
        self._locale = locale(language)
        self._today = today
        self.words = Words(language)

    def money(self, amount: int, currency: str) -> str:
        """Return an amount, given in the currency's smallest unit."""
        return money(self._language, amount, currency)

    def service(self, name: str) -> str:
        """Return the name of a way of ordering."""
        return self.words.say(SERVICES.get(name, name))

    def serving(self, name: str) -> str:
        """Return how food gets to a table; empty where the feed's word is not known."""
        return self.words.say(SERVING[name]) if name in SERVING else ""

    def day(self, day: date) -> str:
        """Return a day: today, tomorrow, or its weekday and date."""
        if day == self._today:
            return self.words.say("Today")
        if day == self._today + timedelta(days=1):
            return self.words.say("Tomorrow")
        return dates.format_skeleton("MMMEd", day, locale=self._locale)

    def time(self, moment: datetime) -> str:
        """Return a time of day by the clock that the moment is given in."""
        return dates.format_time(moment, "short", tzinfo=moment.tzinfo, locale=self._locale)

    def at(self, written: str) -> str:
        """Return a moment of a document: the day, unless it is today, and the time."""
        moment = datetime.fromisoformat(written)
        if moment.date() == self._today:
            return self.time(moment)
        return self.words.say("%(day)s, %(time)s", day=self.day(moment.date()), time=self.time(moment))

    def clock(self, written: str) -> str:
        """Return the time of day of a document's moment."""
        return self.time(datetime.fromisoformat(written))

    def date(self, written: str) -> str:
        """Return a document's date as a day."""
        return self.day(date.fromisoformat(written))

    def span(self, start: datetime, end: datetime) -> str:
        """Return a stretch of a day."""
        return f"{self.time(start)}\u2009\u2013\u2009{self.time(end)}"

    def rule(self, quantity: Quantity | None, options: int) -> str:
        """Return how many may be chosen of so many options."""
        if not quantity:
            return self.words.say("Choose any")
        least, most = quantity.min, quantity.max
        if least == most:
            return self.words.say("Choose %(number)s", number=least)
        if most > MANY:
            return self.words.say("Choose at least %(number)s", number=least) if least else self.words.say("Choose any")
        if least == 0:
            return self._at_most(most, options)
        return self.words.say("Choose %(least)s to %(most)s", least=least, most=most)

    def _at_most(self, most: int, options: int) -> str:
        if most == 1:
            return self.words.say("Optional")
        if most >= options:
            return self.words.say("Choose any")
        return self.words.say("Choose up to %(number)s", number=most)
