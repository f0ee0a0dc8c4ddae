"""What the contract tests know of the APIs: every served path, a body that each takes, and what is stored."""

from __future__ import annotations

import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from dstore import apis, samples
from dstore.protocol.api import collect
from dstore.storage.opening import dialect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.protocol.api import Api
    from dstore.samples import Sample
    from harness.platform import Platform
    from harness.server import Server

SERVED = collect(apis)
PATHS = sorted(SERVED)
"""Every path that is served, aliases too."""

_TABLES = {
    "sqlite": "select name from sqlite_master where type = 'table' and name not like 'sqlite%'",
    "postgresql": "select tablename from pg_tables where schemaname = current_schema()",
}
# Trees written ahead of a commit and then not used are swept later, and the log of calls is written a little later:
# neither is a trace of a refused request in what is sold.
_PASSING = {"loose_tree", "request_batch"}


def body(path: str, **changes: Any) -> dict[str, Any]:
    """Return the first sample of a path's API, to be changed freely."""
    return {**copy.deepcopy(samples.of(SERVED[path])[0].body), **changes}


def bodies(path: str) -> Iterator[dict[str, Any]]:
    """Yield every sample of a path's API, to be changed freely."""
    for sample in samples.of(SERVED[path]):
        yield copy.deepcopy(sample.body)


def path_of(sample: Sample) -> str:
    """Return the path that a sample is sent to."""
    return _path(sample.family, sample.api)


@cache
def _path(family: str, name: str) -> str:
    [found] = {one.path for one in SERVED.values() if (one.path.split("/")[2], one.name) == (family, name)}
    return found


def prepare(platform: Platform, path: str) -> None:
    """Send every sample that comes before the first one of a path's API, so that this one succeeds."""
    api: Api = SERVED[path]
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
    names = {name for (name,) in platform.rows(_TABLES[dialect(platform.url)])} - _PASSING - without
    return {name: sorted(map(repr, platform.rows(f"select * from {name}"))) for name in names}
