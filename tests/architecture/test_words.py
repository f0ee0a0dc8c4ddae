"""Words: what is public says what it promises, and nothing of the machine it was made on is left in the text."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from architecture.sources import ROOT, Module, files, modules
from dstore import settings
from dstore.findings import RULES
from dstore.results import Code
from dstore.vocabulary.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Beside what test_standing_alone looks for.
FORBIDDEN = {
    "a folder of one machine": re.compile(r"(?<![\w.}:])/(?:home|Users)/\w"),
    "a private address": re.compile(r"\b(?:192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+"),
    "a private key": re.compile(r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----\n[A-Za-z0-9+/=]{40}"),
    "a note to a machine": re.compile(r"\b(?:language model|as an ai|chat" + r"gpt)\b", re.IGNORECASE),
}
OWN = "tests/architecture/test_words.py"
BINARY = {".png", ".ico", ".woff2", ".gz"}
SENTENCE = re.compile(r"[\w`'\"*(].*[.:!?]\s*$", re.DOTALL)


def test_nothing_of_the_machine_it_was_made_on_is_left_in_the_text() -> None:
    found = []
    for path in files():
        name = str(path.relative_to(ROOT))
        if path.suffix in BINARY:
            continue
        text = path.read_text(encoding="utf-8")
        for what, pattern in FORBIDDEN.items():
            if name != OWN:
                found += [f"{name}: {what}: {hit[0]!r}" for hit in pattern.finditer(text)]
    assert found == []


def test_every_text_file_ends_with_one_line_end_and_has_no_tabs_or_blanks_at_line_ends() -> None:
    found = []
    for path in files():
        if path.suffix in BINARY or path.name == "Makefile":
            continue
        text = path.read_text(encoding="utf-8")
        if text and (
            not text.endswith("\n")
            or text.endswith("\n\n")
            or "\r" in text
            or re.search(r"[ \t]+$", text, re.MULTILINE)
        ):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def public(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield the module, its public classes and functions, and public methods of public classes."""
    yield module.name or "dstore", module.tree
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield f"{module.name}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and not inner.name.startswith("_"):
                        yield f"{module.name}.{node.name}.{inner.name}", inner


def test_everything_public_says_in_a_sentence_what_it_promises() -> None:
    found = []
    for module in modules():
        for name, node in public(module):
            words = ast.get_docstring(node)  # type: ignore[arg-type]
            if not words or not SENTENCE.match(words.split("\n\n")[0]):
                found.append(f"{name}: {words!r}")
    assert found == []


def test_every_setting_limit_code_and_rule_is_documented() -> None:
    reference = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "reference").glob("*.md")}
    for file, names in {
        "settings.md": settings.names(), "limits.md": LIMITS, "result-codes.md": [code.name for code in Code], "findings.md": RULES,
    }.items():  # fmt: skip
        assert [name for name in names if f"`{name}`" not in reference[file]] == [], file


def test_every_setting_says_what_it_means_and_nothing_is_set_that_is_none() -> None:
    assert all(SENTENCE.match(meaning) for meaning in settings.meanings().values())
    known = {settings.PREFIX + name.upper() for name in settings.names()}
    # What only the tests and the bench read, of themselves.
    own = {"DSTORE_TEST_POSTGRES", "DSTORE_TEST_BROWSER", "DSTORE_NAME", "DSTORE_BENCH_POSTGRES"}
    used: dict[str, Path] = {}
    for path in files():
        if path.suffix in {".py", ".md", ".in"} or path.name in {"Makefile", "run"}:
            for name in re.findall(r"\bDSTORE_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8")):
                used.setdefault(name.removesuffix("_FILE"), path.relative_to(ROOT))
    assert {name: str(path) for name, path in used.items() if name not in known | own} == {}


def test_comments_hold_no_code_and_no_open_ends() -> None:
    found = []
    for path in files():
        if path.suffix == ".py":
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if re.search(r"#.*\b(?:TODO|FIXME|XXX|HACK)\b", line) and "re.search" not in line:
                    found.append(f"{path.relative_to(ROOT)}:{number}")
    assert found == []
