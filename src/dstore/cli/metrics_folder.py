"""The folder in which the processes of a server count together: it goes when the server ends, or the next one starts."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "dstore-metrics-"
_LOCK = "lock"


@contextmanager
def metrics_folder() -> Iterator[str]:
    """Give a new folder for the block, having cleared away those of servers that were killed."""
    _sweep()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder, (Path(folder) / _LOCK).open("xb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # It may be another user's, or gone meanwhile; and whose lock is held is in use.
        with suppress(OSError):
            if folder.lstat().st_uid == os.geteuid():
                with (folder / _LOCK).open("rb") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder)
