"""Imports run one way, files and functions stay small, names say what a thing knows."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "dstore"
MODULES = sorted(SOURCE.rglob("*.py"))

# What each part may import at run time. Types alone (under TYPE_CHECKING) may point anywhere.
ARROWS: dict[str, set[str]] = {
    "findings": set(),
    "results": set(),
    "clock": set(),
    "problems": set(),
    "settings": set(),
    "vocabulary": {"findings"},
    "storage": {"results"},
    "protocol": {"findings", "results"},
    "catalog": {"clock", "findings", "results", "vocabulary", "storage"},
    "apis": {"catalog", "findings", "protocol", "results", "vocabulary"},
    "partners": {"clock", "protocol", "storage", "results"},
    "work": {"clock", "partners", "protocol", "results", "storage"},
    "storefront": {"catalog", "clock", "problems", "storage", "vocabulary"},
    "samples": set(),
    "observing": {"clock", "protocol"},
    "reference": {"findings", "problems", "protocol", "samples", "settings", "storefront", "vocabulary"},
    "sandbox": {"apis", "protocol", "results", "vocabulary"},
    "app": {"*"},
    "cli": {"*"},
    "__main__": {"cli"},
}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "service", "services"}
FUNCTION_LINES, FUNCTION_P90, MODULE_LINES = 60, 25, 400


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part(dotted: str) -> str:
    pieces = dotted.split(".")
    return pieces[1] if len(pieces) > 1 else ""


def imports_at_run_time(path: Path) -> set[str]:
    """Return the parts that a module imports, leaving out what stands under TYPE_CHECKING."""
    skipped: set[ast.AST] = set()
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            skipped.update(ast.walk(node))
        elif node not in skipped and isinstance(node, ast.ImportFrom) and node.module:
            names = [f"dstore.{alias.name}" for alias in node.names] if node.module == "dstore" else [node.module]
            found.update(part(name) for name in names if name.startswith("dstore."))
        elif node not in skipped and isinstance(node, ast.Import):
            found.update(part(alias.name) for alias in node.names if alias.name.startswith("dstore."))
    return found


def functions() -> list[tuple[int, str]]:
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.name}")
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_only_what_its_part_may(path: Path) -> None:
    own = part(".".join(["dstore", *path.relative_to(SOURCE).with_suffix("").parts]))
    if own in {"", "__init__"}:
        return
    allowed = ARROWS[own]
    assert "*" in allowed or imports_at_run_time(path) <= {own, *allowed}


def test_production_code_does_not_depend_on_the_sandbox() -> None:
    guilty = [str(path.relative_to(SOURCE)) for path in MODULES if "sandbox" in imports_at_run_time(path)]
    assert all(name.startswith(("cli/", "sandbox/")) for name in guilty), guilty


def test_functions_are_short() -> None:
    lengths = sorted(functions())
    assert lengths[-1][0] <= FUNCTION_LINES, lengths[-1]
    assert lengths[len(lengths) * 9 // 10][0] <= FUNCTION_P90


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_is_small_and_named_for_what_it_knows(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES
    assert not FORBIDDEN_NAMES & set(path.relative_to(SOURCE).with_suffix("").parts)


def test_every_public_thing_has_a_docstring() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and node in _top_level(tree(path))
        and not ast.get_docstring(node)
    ]
    assert not bare


def _top_level(module: ast.Module) -> list[ast.stmt]:
    inside = [inner for node in module.body if isinstance(node, ast.ClassDef) for inner in node.body]
    return [*module.body, *inside]
