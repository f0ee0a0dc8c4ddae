"""Finding calls in the log: newest first, by what people remember of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dstore.requestlog.records import unpack_heads, unpack_stores, unpack_texts
from dstore.requestlog.sweeping import SERIAL_BITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.requestlog.records import Head, Stores, Text
    from dstore.storage.port import Reading

PIECE = 200
_END = (1 << 63) - 1


class Found(NamedTuple):
    """A call that was found: its row and its place in it, its head, its stores."""

    batch: int
    place: int
    head: Head
    stores: Stores

    @property
    def id(self) -> str:
        """The call's name in addresses."""
        return f"{self.batch}-{self.place}"


class Wanted(NamedTuple):
    """What a call must be; empty fields don't matter. Times are milliseconds, `until` is left out of the span."""

    client_id: str = ""
    api: str = ""
    code: str = ""
    request_id: str = ""
    direction: str = ""
    store_id: int = 0
    since: int = 0
    until: int = 0
    doubtful: bool = False
    """Only calls with warnings, or a requestId used with another body."""

    def fits(self, head: Head, stores: Stores) -> bool:
        """Return whether a call is as wanted."""
        return (
            (not self.client_id or self.client_id in head.client_id)
            and (not self.api or head.api == self.api)
            and self._has_result(head)
            and (not self.request_id or self.request_id in head.request_id)
            and (not self.direction or self.direction == head.direction)
            and (not self.store_id or any(one == self.store_id for one, _ in stores))
            and self.since <= head.at
            and (not self.until or head.at < self.until)
            and (not self.doubtful or bool(head.warnings) or head.verdict == "changed")
        )

    def _has_result(self, head: Head) -> bool:
        if self.code == "failed":
            return head.code != "SUCCESS"
        return not self.code or head.code == self.code


def search(reading: Reading, wanted: Wanted, most: int, before: str = "") -> list[Found]:
    """Return up to `most` calls, newest first, beginning behind the call named `before`."""
    found: list[Found] = []
    last, place = _position(before)
    for batch, stores, heads in _batches(reading, wanted, last):
        if wanted.store_id and not any(one == wanted.store_id for some in stores for one, _ in some):
            continue
        some = unpack_heads(heads)
        for at in range(len(some) - 1, -1, -1):
            if (batch != last or at < place) and wanted.fits(some[at], stores[at]):
                found.append(Found(batch, at, some[at], stores[at]))
                if len(found) == most:
                    return found
    return found


def read(reading: Reading, name: str) -> tuple[Found, Text] | None:
    """Return a call by its name in addresses, with its text; None when it is not kept (any more)."""
    batch, place = _position(name)
    row = reading.row("select stores, heads, texts from request_batch where id = ?", (batch,))
    if row is None:
        return None
    heads, texts = unpack_heads(bytes(row[1])), unpack_texts(bytes(row[2]))
    if place >= len(heads):
        return None
    return Found(batch, place, heads[place], unpack_stores(bytes(row[0]))[place]), texts[place]


def _position(name: str) -> tuple[int, int]:
    batch, _, place = name.partition("-")
    if batch.isdecimal() and place.isdecimal() and len(batch) <= len(str(_END)) and len(place) <= len(str(PIECE)):
        return min(int(batch), _END), int(place)
    return _END, 0


def _batches(reading: Reading, wanted: Wanted, last: int) -> Iterator[tuple[int, list[Stores], bytes]]:
    """Yield rows from `last` on backwards; a row's calls are no older than its id, and at most a pause younger."""
    lowest = max(wanted.since - 60_000, 0) << SERIAL_BITS
    highest = min(last, ((wanted.until + 1) << SERIAL_BITS) if wanted.until else _END)
    while True:
        rows = reading.rows(
            "select id, stores, heads from request_batch where id <= ? and id >= ? order by id desc limit ?",
            (highest, lowest, PIECE),
        )
        for number, stores, heads in rows:
            yield number, unpack_stores(bytes(stores)), bytes(heads)
        if len(rows) < PIECE:
            return
        highest = rows[-1][0] - 1
