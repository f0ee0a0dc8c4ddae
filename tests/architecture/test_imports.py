"""Imports run one way: the arrows of ARCHITECTURE.md are read from there and hold for every module."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from architecture.sources import ROOT, Import, Module, imports, modules
from dstore.catalog.graphs import find_circle

UNITS = {module.unit for module in modules() if module.unit not in {"", "__main__"}}
EVERYBODY = {"clock", "mendable"}
# Even types may not be named here: what a folder does not know it does not know by name either.
UNKNOWN = {
    "vocabulary": UNITS - {"vocabulary", "findings"},
    "protocol": {"apis", "catalog", "vocabulary", "storefront", "reference", "samples", "sandbox", "cli", "app"},
    "storage": UNITS - {"storage", "results", "mendable"},
    "catalog": {"apis", "storefront", "reference", "samples", "sandbox", "cli", "app", "settings"},
    "apis": {"storefront", "reference", "samples", "sandbox", "cli", "app", "settings", "partners"},
    "console": {"apis", "reference", "cli", "app"},
    "web": {"apis", "catalog", "vocabulary", "protocol", "work", "partners", "storage", "sandbox", "cli", "app"},
    "storefront": {"apis", "console", "protocol", "work", "partners", "reference", "samples", "sandbox", "cli", "app"},
    "results": UNITS - {"findings", "results"},
    "findings": UNITS - {"findings"},
    "settings": UNITS - {"settings", "mendable"},
    "mendable": UNITS - {"mendable"},
    "clock": UNITS - {"clock"},
}
POSTGRES = {"storage.postgres", "storage.postgres_session", "storage.postgres_transaction"}
# Which module may use which library; a library that is not here is everybody's.
LIBRARIES = {
    "apsw": {"storage.sqlite", "storage.sqlite_transaction"},
    "psycopg": {"storage.beside", "storage.fibres", "storage.lookout"} | POSTGRES,
    "greenlet": {"storage.fibres"},
    "dbos": {"deferred"},
    "starlette": {"app", "console", "operations.api", "problems", "reference.serving", "storefront", "web"},
    "uvicorn": {"cli.serving"},
    "cryptography": {"protocol", "partners", "sandbox", "cli"},
    "jinja2": {"reference.page", "web"},
    "cyclopts": {"cli"},
    "rich": {"cli"},
    "zlib": {"packing"},
    "zstandard": {"packing"},
}
SQL = re.compile(
    r"\s*(select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+table)\s", re.IGNORECASE | re.DOTALL
)
NO_SQL = {"apis", "protocol", "vocabulary", "reference", "samples", "sandbox"}


@cache
def arrows() -> dict[str, set[str]]:
    """Return what each unit may import, read from ARCHITECTURE.md; `protocol (api, reading)` means these modules."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = text.partition("## Which way imports go")[2].split("```")[1]
    found: dict[str, set[str]] = {}
    for line in filter(None, (line.strip() for line in block.splitlines()[1:])):
        left, _, right = line.partition("→")
        targets = {"everything"} if right.strip() == "everything" else _targets(right)
        for name in _pieces(left):
            found[name] = targets
    return found


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in re.split(r",(?![^(]*\))", text)]


def _targets(right: str) -> set[str]:
    if right.strip() == "nothing of ours":
        return set()
    targets = set()
    for piece in _pieces(right):
        name, _, inside = piece.partition(" (")
        targets |= {f"{name}.{one.strip()}" for one in inside.rstrip(")").split(",")} if inside else {name}
    return targets


def allowed(module: Module) -> set[str]:
    """Return what a module may import: its own line, else its folder's."""
    rules = arrows()
    return rules.get(module.name, rules.get(module.unit, set())) | EVERYBODY


def fits(one: Import, targets: set[str]) -> bool:
    return "everything" in targets or any(one.name == target or one.name.startswith(f"{target}.") for target in targets)


def shown(found: list[Import]) -> list[str]:
    return [f"{one.of.path.relative_to(ROOT)}:{one.line} imports {one.name}" for one in found]


def test_every_folder_and_file_has_its_arrows() -> None:
    named = {name.partition(".")[0] for name in arrows()}
    assert UNITS - named == set()
    assert named - UNITS == set()
    assert {target.partition(".")[0] for targets in arrows().values() for target in targets} - UNITS == {"everything"}


def test_what_is_used_is_used_along_the_arrows() -> None:
    own = [one for one in imports() if not one.is_type and one.of.unit not in {one.unit, "__main__"}]
    assert len(own) > 100
    assert shown([one for one in own if not fits(one, allowed(one.of))]) == []


def test_every_arrow_is_used() -> None:
    """An arrow that nothing needs any more is a door left open."""
    loose = []
    for name, targets in arrows().items():
        used = [one for one in imports() if name in {one.of.name, one.of.unit} and one.unit != one.of.unit]
        loose += [
            f"{name} → {target}" for target in targets - {"everything"} if not any(fits(one, {target}) for one in used)
        ]
    assert loose == []


def test_what_a_folder_does_not_know_it_does_not_even_name() -> None:
    found = [one for one in imports() if one.unit in UNKNOWN.get(one.of.unit, set())]
    assert shown(found) == []


def test_only_tools_for_people_use_the_sandbox() -> None:
    """The Console shows the clinic's verdict to operators; no call needs it."""
    assert (
        shown([one for one in imports() if one.unit == "sandbox" and one.of.unit not in {"sandbox", "cli", "console"}])
        == []
    )


def test_no_modules_use_each_other_in_a_circle() -> None:
    graph: dict[str, list[str]] = {}
    for one in imports():
        if not one.is_type and one.name != one.of.name:
            graph.setdefault(one.of.name, []).append(one.name)
    assert find_circle(graph) == []


def test_each_library_is_used_where_it_belongs() -> None:
    found = []
    for module in modules():
        text = module.path.read_text(encoding="utf-8")
        for library, places in LIBRARIES.items():
            if re.search(rf"^\s*(?:from|import) {library}\b", text, re.MULTILINE):
                found += [] if {module.name, module.unit} & places else [f"{module.name} uses {library}"]
    assert found == []


def test_no_sql_stands_where_no_sql_is_known() -> None:
    found = []
    for module in modules():
        if module.unit in NO_SQL:
            texts = (
                node.value
                for node in ast.walk(module.tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
            found += [f"{module.name}: {text[:60]}" for text in texts if SQL.match(text)]
    assert found == []


def test_only_work_opens_a_transaction_for_a_call() -> None:
    """Whoever handles a message can not commit it."""
    openers = {"transact(", "transact_now(", ".commit(", '"commit"'}
    allowed_units = {"storage", "work", "cli", "sandbox"}
    # A large tree is written ahead, loose, and nobody sees it until the call's own commit; the schema is not a call's,
    # and neither are the pages of the Console, which write through one place of their own.
    # Through `ahead` a change that is being prepared reads, and writes such trees.
    exceptions = {
        "catalog.merchant.unused_photos",
        "catalog.undo",
        "requestlog.writing",
        "requestlog.sweeping",
        "catalog.trees",
        "ahead",
        "app",
        "console.visits",
    }
    found = [
        module.name
        for module in modules()
        if module.unit not in allowed_units and module.name not in exceptions
        and any(word in module.path.read_text(encoding="utf-8") for word in openers)
    ]  # fmt: skip
    assert found == []


@pytest.mark.parametrize("name", ["syncStore", "syncProduct", "initializeStore", "addItem", "updateItem"])
def test_the_door_names_no_api(name: str) -> None:
    door = next(module for module in modules() if module.name == "protocol.door").path.read_text(encoding="utf-8")
    assert name not in door
    assert re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() not in door
