"""The forms in which a request-time is signed by mistake, and the moments around it."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from dstore.protocol.envelope import read_time
from dstore.results import ParamIllegal
from dstore.sandbox.clinic.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

_EAST_EIGHT = timezone(timedelta(hours=8))
_SECONDS = 300
_MILLISECONDS = 2000
_ISO = "%Y-%m-%dT%H:%M:%S"


def moment_of(sent: bytes) -> datetime | None:
    """Return the moment a request-time names, or None when it can not be read."""
    try:
        return read_time(sent.decode("latin-1"))
    except ParamIllegal:
        return None


def _on_all_clocks(sent: bytes) -> datetime | None:
    """Return the moment likewise; None also for one that some zone's clock can not show."""
    moment = moment_of(sent)
    return moment if moment is not None and MINYEAR < moment.year < MAXYEAR else None


def other_forms(sent: bytes) -> Iterator[tuple[bytes, Mistake]]:
    """Yield the same moment in every known other form."""
    yield b"", Mistake("time.empty", "the signed content has an empty time")
    moment = _on_all_clocks(sent)
    texts = [] if moment is None else list(_forms(moment))
    shown = sent.decode("utf-8", "replace")
    texts += [shown.replace("+", " "), quote(shown, safe=""), quote(shown, safe=":"), shown.strip()]
    for text in texts:
        yield (
            text.encode(),
            Mistake("time.form", f"the signed content has the time as {text!r}, the header as {shown!r}"),
        )


def _forms(moment: datetime) -> Iterator[str]:
    yield str(int(moment.timestamp() * 1000))
    yield str(int(moment.timestamp()))
    for zone in dict.fromkeys((moment.tzinfo, UTC, _EAST_EIGHT)):
        there = moment.astimezone(zone)
        plain, offset = there.strftime(_ISO), there.strftime("%z")
        colon = f"{offset[:3]}:{offset[3:]}"
        milliseconds = f"{plain}.{there.microsecond // 1000:03}"
        microseconds = f"{plain}.{there.microsecond:06}"
        for text in (plain, milliseconds, microseconds):
            # A clock of another zone with the letter of UTC behind it is a common slip, too.
            yield from (text + colon, text + offset, text, f"{text}Z")
        yield plain.replace("T", " ")
        yield there.strftime("%Y%m%d%H%M%S")
        yield there.strftime("%Y-%m-%dT%H:%M") + colon
    yield format_datetime(moment.astimezone(UTC), usegmt=True)


def neighbours(sent: bytes) -> Iterator[tuple[bytes, Mistake]]:
    """Yield the moments around it, nearest first: clocks that were read twice, once to sign and once to send."""
    moment = _on_all_clocks(sent)
    if moment is None:
        return
    text = sent.decode("latin-1")
    for step in _outwards(_SECONDS):
        yield _neighbour(text, moment + timedelta(seconds=step))
    for step in _outwards(_MILLISECONDS):
        there = moment + timedelta(milliseconds=step)
        yield _neighbour(text, there, milliseconds=True)
        yield _named(str(round(there.timestamp() * 1000)), text)


def _outwards(most: int) -> Iterator[int]:
    for step in range(1, most + 1):
        yield from (-step, step)


def _neighbour(sent: str, there: datetime, *, milliseconds: bool = False) -> tuple[bytes, Mistake]:
    """Write a moment in the form of the header, perhaps with milliseconds added."""
    if sent.isdigit():
        scale = 1000 if len(sent) > 11 else 1  # noqa: PLR2004 - ten or eleven digits are seconds
        return _named(str(round(there.timestamp() * scale)), sent)
    tail = sent[len("2022-10-10T23:00:56") :]
    fraction = tail[: len(tail) - len(tail.lstrip(".0123456789"))]
    zone = tail[len(fraction) :]
    if milliseconds:
        fraction = f".{there.microsecond // 1000:03}"
    return _named(there.strftime(_ISO) + fraction + zone, sent)


def _named(text: str, sent: str) -> tuple[bytes, Mistake]:
    cause = f"the clock was read twice: the signed content has the time {text!r}, the header {sent!r}"
    return text.encode(), Mistake("time.twice", cause)
