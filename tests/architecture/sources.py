"""The project's own text and modules, as the tests of its shape read them."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "dstore"


@dataclass(frozen=True)
class Module:
    """A module of the package: its name below `dstore`, and its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def unit(self) -> str:
        """The folder or file that the arrows speak of."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Import:
    """That a module uses another one, or only names its types."""

    of: Module
    name: str
    is_type: bool
    line: int

    @property
    def unit(self) -> str:
        """The folder or file that is imported from."""
        return self.name.partition(".")[0]


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the package."""
    return tuple(_read(path) for path in sorted(SOURCE.rglob("*.py")))


def _read(path: Path) -> Module:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, ast.parse(path.read_text(encoding="utf-8")))


@cache
def imports() -> tuple[Import, ...]:
    """Return every import of the package's own modules, wherever in a module it stands."""
    return tuple(one for module in modules() for one in _imports(module))


def _imports(module: Module) -> Iterator[Import]:
    for_types = {
        id(inside)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for statement in node.body
        for inside in ast.walk(statement)
    }
    for node in ast.walk(module.tree):
        for name in _own(node):
            yield Import(module, name, id(node) in for_types, getattr(node, "lineno", 0))


def _own(node: ast.AST) -> list[str]:
    """Return the package's modules that a statement imports, by their names below `dstore`."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [one.name for one in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        inside = [f"{node.module}.{one.name}" for one in node.names]
        # `from dstore.catalog import stores` imports a module, `from dstore.clock import Clock` a thing of one.
        names = [one if _is_module(one) else node.module for one in inside]
    return [name.removeprefix("dstore.") for name in names if name.startswith("dstore.")]


def _is_module(name: str) -> bool:
    path = SOURCE.joinpath(*name.split(".")[1:])
    return path.is_dir() or path.with_suffix(".py").is_file()


@cache
def files() -> tuple[Path, ...]:
    """Return every file that is, or is about to be, part of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        return tuple(path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())
    folders = ("src", "tests", "docs", "bench", "requirements")
    return tuple(path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file())
