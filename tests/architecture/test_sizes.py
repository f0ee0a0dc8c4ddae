"""Sizes: functions that fit on a screen, modules that are read in one go."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from architecture.sources import ROOT, files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_FUNCTION = 60
MOST_FUNCTIONS = 25
LONGEST_MODULE = {"src": 400, "bench": 400, "tests": 450}
# The signed door is read more often than anything else.
LONGEST_DOOR = 250
NAMELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "manager",
    "managers",
    "service",
    "services",
    "misc",
    "core",
    "lib",
}
FOLDERS = ("src", "tests", "bench")


def python(*folders: str) -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def test_no_function_is_longer_than_a_screen() -> None:
    found = [one for path in python(*FOLDERS) for one in functions(path)]
    assert len(found) > 1000
    assert [one for one in found if one[1] > LONGEST_FUNCTION] == []


def test_nine_functions_of_ten_are_short() -> None:
    for folder in FOLDERS:
        lengths = sorted(length for path in python(folder) for _, length in functions(path))
        assert lengths[len(lengths) * 9 // 10] <= MOST_FUNCTIONS, folder


def test_no_module_is_longer_than_one_reads_in_one_go() -> None:
    found = []
    for folder, most in LONGEST_MODULE.items():
        for path in python(folder):
            length = len(path.read_text(encoding="utf-8").splitlines())
            found += [f"{path.relative_to(ROOT)} has {length} lines"] if length > most else []
    assert found == []
    assert len((ROOT / "src/dstore/protocol/door.py").read_text(encoding="utf-8").splitlines()) <= LONGEST_DOOR


def test_modules_are_named_for_what_they_know() -> None:
    named = {path: {path.stem.removeprefix("test_"), *path.relative_to(ROOT).parts[1:-1]} for path in python(*FOLDERS)}
    assert [str(path) for path, names in named.items() if names & NAMELESS] == []
