"""Checking a message while the database takes what it brings."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from dstore.results import Refusal, Unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class LateCheck:
    """A message's own rules, applied once: before its transaction, or in it at a moment that would go by in waiting."""

    def __init__(self, check: Callable[[], None]) -> None:
        self._check: Callable[[], None] | None = check
        self._refusal: Refusal | None = None

    def make(self) -> None:
        """Apply the rules unless that was done; raise their Refusal, each time."""
        if self._check is not None:
            check, self._check = self._check, None
            try:
                check()
            except Refusal as refusal:
                self._refusal = refusal
        if self._refusal is not None:
            raise self._refusal

    @contextmanager
    def made_by_the_end(self) -> Iterator[None]:
        """Raise Unfit with the rules' Refusal at the end of a block, whatever else went wrong there."""
        try:
            yield
        finally:
            try:
                self.make()
            except Refusal as refusal:
                raise Unfit(refusal) from None


CHECKED = LateCheck(lambda: None)
"""The check of a message that has been checked."""
