"""One moment in one zone: every rule is asked here, so that nothing that changes is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from dstore.catalog.schedules.local_time import microseconds

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from dstore.catalog.schedules.verdicts import Timed, Verdict

T = TypeVar("T")


class Evaluation:
    """Asks rules about one moment, each once, and keeps the first moment at which any answer changes.

    Rules are told apart by identity: whoever asks must hold them for as long as this is used.
    """

    def __init__(self, zone: tzinfo, moment: datetime) -> None:
        self.zone = zone
        self.moment = moment
        self.until: datetime | None = None
        self._at = microseconds(moment)
        self._answers: dict[int, Verdict[Any]] = {}

    def ask(self, rules: Timed[T]) -> Verdict[T]:
        """Return what rules say at the moment."""
        known = self._answers.get(id(rules))
        if known is None:
            known = self._answers[id(rules)] = rules.at(self.zone, self._at)
            self.note(known.until)
        return known

    def note(self, until: datetime | None) -> None:
        """Take in a moment at which something changes."""
        if until is not None and (self.until is None or until < self.until):
            self.until = until
