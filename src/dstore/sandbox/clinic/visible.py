"""Bytes as text in which nothing hides: blanks, line ends and odd characters are seen."""

from __future__ import annotations

_SIGNS = {" ": "·", "\n": "↵\n", "\r": "␍", "\t": "⇥"}


def visible(content: bytes) -> str:
    """Return text with · for a blank, ↵ for a line feed, ␍ for a carriage return, and escapes for what has no face."""
    return "".join(map(_sign, content.decode("utf-8", "backslashreplace")))


def shortened(content: bytes, head: int = 360, tail: int = 80) -> str:
    """Return visible text of at most about `head` + `tail` bytes, saying how many were left out between."""
    left_out = len(content) - head - tail
    if left_out <= 0:
        return visible(content)
    start = content[:head].decode("utf-8", "ignore").encode() or content[:head]
    end = content[-tail:].decode("utf-8", "ignore").encode() or content[-tail:]
    return f"{visible(start)} … {left_out:,} bytes … {visible(end)}"


def _sign(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    if character.isprintable():
        return character
    return f"\\x{ord(character):02x}" if character.isascii() else f"\\u{ord(character):04x}"
