"""What calls have stored, taken once and put back before each of many tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from contract.family import digest

if TYPE_CHECKING:
    from harness.platform import Platform

CHANGING = ("accepted", "account", "entry", "given", "history", "removed", "store", "undo")


def seen(platform: Platform) -> dict[str, list[str]]:
    """Return what is stored, but for results: those of business refusals are kept."""
    return digest(platform, without={"given"})


@dataclass
class State:
    """Everything that calls have stored up to a moment."""

    rows: dict[str, list[Any]]
    digest: dict[str, list[str]]

    @classmethod
    def of(cls, platform: Platform) -> State:
        """Take the present state."""
        return cls({name: platform.rows(f"select * from {name}") for name in CHANGING}, seen(platform))

    def put(self, platform: Platform) -> None:
        """Put the state back, at a later moment: versions that come back with it are no versions of before."""

        def write(transaction: Any) -> None:
            for name in (*CHANGING, "loose_tree"):
                transaction.run(f"delete from {name}")
            for name, rows in self.rows.items():
                if rows:
                    transaction.many(f"insert into {name} values ({','.join('?' * len(rows[0]))})", rows)

        platform.transact(write)
        platform.clock.advance(timedelta(seconds=1))
