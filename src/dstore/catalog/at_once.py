"""What small changes have in common: nothing about them is worth doing ahead."""

from __future__ import annotations

from typing import Any


class AtOnce:
    """A change whose work is all in its transaction."""

    __slots__ = ()

    @property
    def is_short(self) -> bool:
        """It is a few statements, unless a change says otherwise."""
        return True

    def prepare(self, database: Any, caller: Any) -> None:
        """Nothing is worth doing ahead."""

    def foresee(self, work: Any) -> None:
        """Nothing is known beforehand of what will be asked."""
