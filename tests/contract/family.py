"""What the contract tests know of the APIs: every served path, a body that each takes, and what is stored."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from dstore import apis, samples
from dstore.protocol.api import collect
from dstore.storage.opening import dialect
from harness.content import Content, all_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dstore.protocol.api import Api
    from dstore.samples import Sample
    from harness.platform import Platform
    from harness.server import Server

SERVED = collect(apis)
PATHS = sorted(SERVED)
"""Every path that is served, aliases too."""


def body(path: str, **changes: Any) -> dict[str, Any]:
    """Return the first sample of a path's API, to be changed freely."""
    return {**_again(_written(path)[0]), **changes}


def bodies(path: str) -> Iterator[dict[str, Any]]:
    """Yield every sample of a path's API, to be changed freely."""
    yield from map(_again, _written(path))


_again = msgspec.json.decode


@cache
def _written(path: str) -> list[bytes]:
    """Return the samples of a path's API as JSON: reading it anew is ten times as quick as a deep copy."""
    return [sample.compact for sample in samples.of(SERVED[path])]


def path_of(sample: Sample) -> str:
    """Return the path that a sample is sent to."""
    return _path(sample.family, sample.api)


@cache
def _path(family: str, name: str) -> str:
    [found] = {one.path for one in SERVED.values() if (one.path.split("/")[2], one.name) == (family, name)}
    return found


def prepare(platform: Platform, path: str) -> None:
    """Have every sample that comes before the first one of a path's API taken, so that this one succeeds.

    The calls are made on the first platform of a kind; into others it is put what they left.
    """
    api = SERVED[path]
    if platform.rows("select 1 from given") or platform.rows("select 1 from store"):
        _call_before(platform, api)
        return
    state = (api.path, dialect(platform.url), platform.clock.now())
    known = _contents.get(state)
    if known is not None:
        known.put_into(platform)
        return
    _call_before(platform, api)
    _contents[state] = Content(platform)


_contents: dict[tuple[str, str, datetime], Content] = {}


def _call_before(platform: Platform, api: Api) -> None:
    family = api.path.split("/")[2]
    for sample in samples.all():
        if (sample.family, sample.api) == (family, api.name):
            return
        if sample.family == family:
            answer = platform.call(path_of(sample), sample.body)
            assert answer.code == "SUCCESS", (sample.name, answer.message)


def feed(platform: Platform, client_id: str = "c1") -> None:
    """Send every sample in order, the deletions left out."""
    for sample in samples.all():
        if sample.body.get("isDeleted") is None:
            answer = platform.call(path_of(sample), sample.body, client_id=client_id)
            assert answer.code == "SUCCESS", (sample.name, answer.message)


def feed_server(server: Server) -> None:
    """Send every sample to a server, the deletions left out."""
    for sample in samples.all():
        if sample.body.get("isDeleted") is None:
            assert server.call(path_of(sample), sample.body).code == "SUCCESS"


def digest(platform: Platform, *, without: frozenset[str] | set[str] = frozenset()) -> dict[str, list[str]]:
    """Return everything that is stored, table by table, for comparison."""
    return {name: sorted(map(repr, rows)) for name, rows in all_rows(platform).items() if name not in without}
