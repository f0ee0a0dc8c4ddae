"""Money, numbers, dates and times as a reader of a language writes them, by CLDR data."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

from babel import dates, numbers

from dstore.web.languages import locale

if TYPE_CHECKING:
    from datetime import date

_TOUCHING = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
Moment = datetime | int
"""A moment with a zone, or milliseconds since 1970 as the database keeps it."""


class Formats:
    """Writes values in one language."""

    def __init__(self, language: str) -> None:
        self._locale = locale(language)

    def money(self, amount: int, currency: str) -> str:
        """Return an amount, given in the currency's smallest unit."""
        digits = numbers.get_currency_precision(currency)
        written = numbers.format_currency(Decimal(amount).scaleb(-digits), currency, locale=self._locale)
        # CLDR sets letters and digits apart (currencySpacing), which Babel leaves to its callers.
        return _TOUCHING.sub("\u00a0", written)

    def number(self, value: float) -> str:
        """Return a number with the marks of thousands and decimals."""
        return numbers.format_decimal(value, locale=self._locale)

    def moment(self, moment: Moment, zone: tzinfo = UTC, form: str = "medium") -> str:
        """Return date and time in a zone; `form` is short, medium or long."""
        return dates.format_datetime(_moment(moment), form, tzinfo=zone, locale=self._locale)

    def day(self, day: date, form: str = "medium") -> str:
        """Return a date."""
        return dates.format_date(day, form, locale=self._locale)

    def time(self, moment: Moment, zone: tzinfo = UTC) -> str:
        """Return the time of day in a zone, without seconds."""
        return dates.format_time(_moment(moment), "short", tzinfo=zone, locale=self._locale)

    def ago(self, moment: Moment, now: datetime) -> str:
        """Return how long ago, or how far ahead, a moment is: "5 minutes ago", "in 2 hours"."""
        # What is just now has been, not will be.
        return self.span((_moment(moment) - now) or -timedelta(seconds=1), ago=True)

    def span(self, length: timedelta, *, ago: bool = False) -> str:
        """Return a length of time in its largest fitting unit."""
        return dates.format_timedelta(length, add_direction=ago, threshold=1.2, locale=self._locale)


def _moment(moment: Moment) -> datetime:
    return datetime.fromtimestamp(moment / 1000, UTC) if isinstance(moment, int) else moment
