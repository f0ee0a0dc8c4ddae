"""What was acknowledged is on the disk: the log file is synced between a request's commit and its answer."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dstore import settings
from dstore.storage.opening import dialect, open_database
from faults import oracle
from faults.traffic import fresh, opening
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterable

ANSWERS = 200
FULL = 2
_SYSCALL = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)(?:\(| resumed)(.*)$")


def test_commits_wait_for_the_disk_by_default(database_url: str) -> None:
    database = open_database(database_url, synchronous=settings.load({})[0].durability)
    # PostgreSQL's fsync is not a session's to choose.
    asked = "pragma synchronous" if dialect(database_url) == "sqlite" else "show synchronous_commit"
    found = database.transact_now(lambda writer: writer.rows(asked)[0][0])
    database.close()
    assert found == (FULL if dialect(database_url) == "sqlite" else "on")


@dataclass
class Trace:
    """What the system calls of the server say about each answer."""

    unsynced: bool = False
    synced: int = 0
    open_syncs: set[str] = field(default_factory=set)
    answers: list[tuple[bool, int]] = field(default_factory=list)

    def read(self, lines: Iterable[str]) -> None:
        """Follow writes and syncs of the log file, and note how things stand when an answer leaves."""
        for line in lines:
            found = _SYSCALL.match(line)
            if found:
                self._see(*found.groups(), is_unfinished=line.rstrip().endswith("<unfinished ...>"))

    def _see(self, thread: str, name: str, rest: str, *, is_unfinished: bool) -> None:
        if name == "pwrite64" and "-wal>" in rest:
            self.unsynced = True
        elif name in {"fdatasync", "fsync"}:
            if "-wal>" in rest and is_unfinished:
                self.open_syncs.add(thread)
            elif "-wal>" in rest or thread in self.open_syncs:
                self.open_syncs.discard(thread)
                self.unsynced = False
                self.synced += 1
        elif name in {"write", "writev", "sendto", "sendmsg"} and "HTTP/1.1 200 OK" in rest:
            self.answers.append((self.unsynced, self.synced))
            self.synced = 0


@pytest.mark.full
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace (a Debian package)")
@pytest.mark.parametrize("durability", ["full", "normal"])
def test_every_answer_follows_the_sync_of_its_commit_unless_told_otherwise(tmp_path: Path, durability: str) -> None:
    file = tmp_path / "calls"
    which = "trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg"
    prefix = ("strace", "-f", "-y", "-s", "40", "-e", which, "-o", str(file))
    with Server(f"sqlite:///{tmp_path / 'dstore.db'}", prefix=prefix, DSTORE_DURABILITY=durability) as server:
        line = oracle.line(server)
        line.must("syncStore", opening("s", "Shop", "OPEN"))
        seen = len(file.read_text(errors="replace").splitlines())
        for _ in range(ANSWERS // 2):
            assert line.must("syncStore", opening("s", fresh("Name "), "OPEN")).code == "SUCCESS"
            refused = opening(fresh("s"), "", "OPEN") | {"store": {"posStoreId": "unnamed"}}
            assert line.must("syncStore", refused).code == "PARAM_ILLEGAL"
        line.close()
        # Read before the server ends: a checkpoint at the end syncs whatever there is.
        lines = file.read_text(errors="replace").splitlines()[seen:]
    trace = Trace()
    trace.read(lines)
    print(f"\n{len(trace.answers)} answers, {sum(synced for _, synced in trace.answers)} syncs of the log file")
    assert len(trace.answers) == ANSWERS
    early = [answer for answer in trace.answers if answer[0] or not answer[1]]
    assert bool(early) == (durability == "normal"), f"{len(early)} answers left before their commit was synced"
