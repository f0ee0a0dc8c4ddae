"""The folder in which the processes of a server count together: it goes when the server ends, or the next one starts."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "dstore-metrics-"
_UNFINISHED = "dstore-starting-"
_LOCK = "lock"
_PROCESS = re.compile(r"_(\d+)\.db")
"""The end of a file's name: the process that counts in it."""


@contextmanager
def metrics_folder() -> Iterator[str]:
    """Give a new folder for the block, having cleared away those of servers that were killed."""
    _sweep()
    made = Path(tempfile.mkdtemp(prefix=_UNFINISHED))
    with (made / _LOCK).open("xb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Only now: another server that starts may not find it without its lock being held.
        folder = made.rename(made.with_name(made.name.replace(_UNFINISHED, PREFIX)))
        try:
            yield str(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # It may be another user's, or gone meanwhile; and whose lock is held is in use.
        with suppress(OSError):
            if folder.lstat().st_uid == os.geteuid():
                with (folder / _LOCK).open("rb") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if not any(_lives(int(one)) for one in _processes(folder)):
                        shutil.rmtree(folder)


def _processes(folder: Path) -> set[str]:
    """Return who counts there: workers may outlive the process that held the lock."""
    found = (_PROCESS.search(one.name) for one in folder.iterdir())
    return {one[1] for one in found if one is not None}


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
