"""The command line in this process: what it prints, and how it exits."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from cli.terminal import Done, Input
from dstore.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from cli.terminal import Run


@pytest.fixture
def dstore(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command `dstore`, on a terminal of 80 columns without colours."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", Input(stdin))
        code = 0
        try:
            main(list(map(str, arguments)))
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
            if isinstance(ended.code, str):
                print(ended.code, file=sys.stderr)
        out, error = capsys.readouterr()
        return Done(code, out, error)

    return run
