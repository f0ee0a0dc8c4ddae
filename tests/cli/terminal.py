"""What a command leaves behind, and how tests run one."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    error: str


class Run(Protocol):
    """Runs `dstore` with arguments and standard input."""

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Done: ...


class Input:
    """Standard input with this content."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)

    def isatty(self) -> bool:
        """Return whether somebody sits there to be asked."""
        return False
