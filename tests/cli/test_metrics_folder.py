"""What several processes count in: nothing of it stays behind, not even of a server that was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dstore.cli.metrics_folder import PREFIX, metrics_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLD = "from dstore.cli.metrics_folder import metrics_folder\nwith metrics_folder() as one: print(one, flush=True); input()"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have this process and those it starts use a folder of their own."""
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def server(temporary: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Start a process that holds a folder; give both."""
    with subprocess.Popen([sys.executable, "-c", HOLD], stdin=-1, stdout=-1, text=True) as one:
        assert one.stdout is not None
        folder = Path(one.stdout.readline().strip())
        assert folder.parent == temporary
        yield one, folder
        one.kill()


def test_it_goes_with_the_block(temporary: Path) -> None:
    with metrics_folder() as folder:
        (Path(folder) / "counter_1.db").write_bytes(b"1")
        assert [str(one) for one in temporary.iterdir()] == [folder]
    assert list(temporary.iterdir()) == []


def test_that_of_a_server_that_was_killed_goes_when_the_next_one_starts(
    temporary: Path, server: tuple[subprocess.Popen[str], Path]
) -> None:
    process, held = server
    (held / f"counter_{process.pid}.db").write_bytes(b"1")
    with metrics_folder():
        assert held.exists(), "it is in use"
    process.kill()
    process.wait()
    others = [temporary / f"{PREFIX}without-a-lock", temporary / "something else"]
    for one in others:
        one.mkdir()
    with metrics_folder() as folder:
        assert set(temporary.iterdir()) == {Path(folder), *others}


def test_that_of_workers_who_outlive_their_server_stays(server: tuple[subprocess.Popen[str], Path]) -> None:
    process, held = server
    (held / f"gauge_mostrecent_{os.getpid()}.db").write_bytes(b"1")
    process.kill()
    process.wait()
    with metrics_folder():
        assert held.exists()
