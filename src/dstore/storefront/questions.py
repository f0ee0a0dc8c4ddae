"""What a diner's client asks: a moment, a service, a language, and numbers, read from the query."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from dstore.storefront.languages import ranges
from dstore.storefront.standing import SERVICES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from dstore.catalog.schedules.serving import Service

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST = 2_147_483_647


class BadParameterError(Exception):
    """A parameter that can not be read: its name, and what is wrong with it."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(f"{name}: {cause}")
        self.name = name


class When(NamedTuple):
    """A moment as asked for: with its offset, or by the store's clock."""

    written: datetime

    def on_clock(self, zone: tzinfo) -> datetime:
        """Return the moment; one without an offset is by this zone's clock."""
        return self.written if self.written.tzinfo is not None else self.written.replace(tzinfo=zone)


class Question(NamedTuple):
    """How a store is to be looked at. Without `when` it is now, without `service` all of them."""

    when: When | None = None
    service: Service | None = None
    languages: tuple[str, ...] = ()


NOW = Question()


def question(query: Mapping[str, str], accept_language: str) -> Question:
    """Read at, service and language (else Accept-Language). Raises BadParameterError."""
    return Question(read_moment(query, "at"), read_service(query), read_languages(query, accept_language))


def read_moment(query: Mapping[str, str], name: str) -> When | None:
    """Read a moment: ISO 8601, with an offset or by the store's clock. Raises BadParameterError."""
    text = query.get(name)
    if text is None:
        return None
    try:
        # A plus sign that nobody escaped has become a blank.
        written = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text.strip())
    except ValueError:
        raise BadParameterError(
            name, f"{text[:60]!r} is not an ISO 8601 date and time, such as 2026-11-24T14:05:00+08:00"
        ) from None
    if not FIRST_YEAR <= written.year < LAST_YEAR:
        raise BadParameterError(name, f"must lie in the years {FIRST_YEAR} to {LAST_YEAR - 1}")
    return When(written)


def read_service(query: Mapping[str, str]) -> Service | None:
    """Read a service. Raises BadParameterError."""
    text = query.get("service")
    if text is not None and text not in SERVICES:
        raise BadParameterError("service", f"{text[:60]!r} is none of {', '.join(SERVICES)}")
    return text


def read_languages(query: Mapping[str, str], accept_language: str) -> tuple[str, ...]:
    """Read the languages asked for, best first. Raises BadParameterError for a language that can not be read."""
    text = query.get("language")
    if text is None:
        return ranges(accept_language)
    found = ranges(text)
    if not found:
        raise BadParameterError("language", f"{text[:60]!r} is not a language tag, such as zh-CN")
    return found


def read_number(query: Mapping[str, str], name: str) -> int:
    """Read a whole number that must be there. Raises BadParameterError."""
    text = query.get(name)
    if text is None:
        raise BadParameterError(name, "is required")
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(MOST)) or int(text) > MOST:
        raise BadParameterError(name, f"{text[:60]!r} is not a whole number from 0 to {MOST:,}")
    return int(text)
