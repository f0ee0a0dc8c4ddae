"""Zones as stores name them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from dstore.catalog.moments import read_zone

if TYPE_CHECKING:
    from datetime import tzinfo


def zone_of(name: str) -> tzinfo:
    """Return a zone by its name; UTC for one that this machine does not know."""
    return read_zone(name) or UTC
