"""The repository's pages, and the examples in them.

What the info string of a fenced block says: `sh` is run, block after block, in one shell; `sh fails` is run and must
end in failure; `sh skip` is not run. A `text` block behind one of them is what it prints; `…` stands for anything, on
a line of its own for any number of lines. `<!-- setup: server postgresql -->` on a page asks for a running
platform with the partner `mypos`, and for two empty PostgreSQL databases, to be there first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^ *```(?P<info>[^\n`]*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SETUP = re.compile(r"<!-- setup: ([a-z ]+) -->")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: where it begins, its info string in words, its text."""

    line: int
    words: tuple[str, ...]
    text: str

    @property
    def language(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def is_run(self) -> bool:
        return self.language == "sh" and "skip" not in self.words


@dataclass(frozen=True)
class Example:
    """A block that is run, and what it prints, if the page says so."""

    block: Block
    fails: bool
    printed: str | None


def documents() -> list[Path]:
    """Return every page of the repository that people read."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """Return a page's fenced blocks in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(text.count("\n", 0, found.start()) + 1, tuple(found["info"].split()), dedent(found["text"]))
        for found in _FENCE.finditer(text)
    ]


def examples(page: Path) -> list[Example]:
    """Return what a page wants to be run."""
    found = blocks(page)
    following: list[Block | None] = [*found[1:], None]
    return [
        Example(block, "fails" in block.words, after.text if after is not None and after.language == "text" else None)
        for block, after in zip(found, following, strict=False)
        if block.is_run
    ]


def setup(page: Path) -> set[str]:
    """Return the names of what a page wants to be there first."""
    found = _SETUP.search(page.read_text(encoding="utf-8"))
    return set(found[1].split()) if found else set()


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def fits(expected: str, printed: str) -> bool:
    """Return whether an output is what a page shows."""
    lines = [line.rstrip() for line in expected.strip().splitlines()]
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line == "…" else ".*?".join(map(re.escape, line.split("…"))) + r"\n" for line in lines
    )
    actual = "".join(f"{line.rstrip()}\n" for line in printed.strip().splitlines())
    return re.fullmatch(pattern, actual) is not None
