"""Connections of Python's own SQLite that tell the time in milliseconds, however old the library is.

From Python 3.12 on the queue's engine relies on `unixepoch('subsec')`, which SQLite has had since 3.42. Python may be
linked with an older one, which gives null there: Debian 12 has 3.40.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

_SINCE = (3, 42)


class ClockedConnection(sqlite3.Connection):
    """A connection on which `unixepoch('subsec')` gives the seconds since 1970 with three decimals."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if sqlite3.sqlite_version_info < _SINCE:
            self.create_function("unixepoch", 1, _unixepoch)


def _unixepoch(modifier: str) -> float | None:
    return round(time.time(), 3) if modifier == "subsec" else None
