"""What calls have stored, taken once and put back before each of many tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from contract.family import digest
from harness.content import Content

if TYPE_CHECKING:
    from harness.platform import Platform


def seen(platform: Platform) -> dict[str, list[str]]:
    """Return what is stored, but for results: those of business refusals are kept."""
    return digest(platform, without={"given"})


@dataclass
class State:
    """Everything that calls have stored up to a moment."""

    content: Content
    digest: dict[str, list[str]]

    @classmethod
    def of(cls, platform: Platform) -> State:
        """Take the present state."""
        return cls(Content(platform), seen(platform))

    def put(self, platform: Platform) -> None:
        """Put the state back, at a later moment: versions that come back with it are no versions of before."""
        self.content.put_into(platform)
        platform.clock.advance(timedelta(seconds=1))
