"""One moment in one zone: every rule is asked here, so that nothing that changes is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from dstore.catalog.schedules.verdicts import Verdict

T = TypeVar("T")


class Evaluation:
    """Asks rules about one moment, each list once, and keeps the first moment at which any answer changes.

    Lists are told apart by identity: whoever asks must hold them for as long as this is used.
    """

    def __init__(self, zone: tzinfo, moment: datetime) -> None:
        self.zone = zone
        self.moment = moment
        self.until: datetime | None = None
        self._answers: dict[tuple[Any, int], Verdict[Any]] = {}

    def ask(self, question: Callable[[Any, tzinfo, datetime], Verdict[T]], rules: Any) -> Verdict[T] | None:
        """Return what rules say at the moment; None when there are none."""
        if rules is UNSET or not rules:
            return None
        name = (question, id(rules))
        known = self._answers.get(name)
        if known is None:
            known = self._answers[name] = question(rules, self.zone, self.moment)
            self.note(known.until)
        return known

    def note(self, until: datetime | None) -> None:
        """Take in a moment at which something changes."""
        if until is not None and (self.until is None or until < self.until):
            self.until = until
