"""Moments and zones as the contract writes them."""

from __future__ import annotations

from datetime import datetime


def read_moment(text: str) -> datetime | None:
    """Read ISO 8601 with an offset; None when it is not."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def is_moment(value: object) -> bool:
    """Return whether a value is ISO 8601 text with an offset."""
    return isinstance(value, str) and read_moment(value) is not None
