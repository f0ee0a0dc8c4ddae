"""`dstore serve`, `migrate` and `settings`."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import uvicorn
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from dstore import settings
from dstore.cli import opening
from dstore.cli.metrics_folder import metrics_folder
from dstore.cli.opening import DatabaseUrl
from dstore.storage import schema
from dstore.storage.opening import dialect, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator


IDLE_SECONDS = 75
"""How long an idle connection is kept: longer than proxies keep theirs, so that none sends into one being closed."""
DRAIN_SECONDS = 8


def serve(
    *,
    host: Annotated[str | None, Parameter(help="Address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="Port to listen on.")] = None,
    workers: Annotated[int | None, Parameter(help="Processes to serve with.")] = None,
    fd: Annotated[
        int | None,
        Parameter(help="Number of a listening socket that was handed over; then host and port do not count."),
    ] = None,
    database: DatabaseUrl = None,
) -> None:
    """Serve the platform until SIGTERM or Ctrl-C; open calls are finished first."""
    chosen, _ = settings.load(database=database, host=host, port=port, workers=workers)
    opening.make_ready(chosen.database)
    _check(chosen)
    os.environ.update(settings.to_environment(chosen))
    with _shared_metrics(chosen.workers):
        _run(chosen, fd)


@contextmanager
def _shared_metrics(workers: int) -> Iterator[None]:
    """Let several processes count together, in files that go when the server ends."""
    if workers == 1:
        yield
        return
    with metrics_folder() as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def _run(chosen: settings.Settings, fd: int | None) -> None:
    # Once the last call is answered uvicorn hands the signal on; to end as asked is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "dstore.app:from_environment",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        fd=fd,
        workers=chosen.workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=chosen.trusted_proxies,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        timeout_keep_alive=IDLE_SECONDS,
        backlog=2048,
    )


def _check(chosen: settings.Settings) -> None:
    """Refuse to start on another schema, with one line instead of a worker's traceback."""
    database = open_database(chosen.database)
    try:
        schema.check(database, dialect(chosen.database))
    finally:
        database.close()


def migrate(*, database: DatabaseUrl = None) -> None:
    """Bring the database to this program's schema."""
    chosen, _ = settings.load(database=database)
    applied = opening.migrate(chosen.database)
    print("\n".join(f"applied {name}" for name in applied) or "nothing to do")


def show_settings() -> None:
    """Print every setting, its value in force and where it came from."""
    chosen, sources = settings.load()
    table = Table("setting", "value", "from", "meaning", title="DSTORE_<SETTING> sets each")
    for name, meaning in settings.meanings().items():
        table.add_row(name, settings.shown(chosen, name), sources[name], meaning)
    Console().print(table)
