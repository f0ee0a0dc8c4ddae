"""APIs as functions: what is read off them, empties of updates, paths served once."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from dstore import apis
from dstore.protocol.api import Clears, api, collect, named
from dstore.results import ParamIllegal
from dstore.vocabulary import fields
from dstore.vocabulary.values import Message


class Rename(Message, frozen=True, kw_only=True):
    """A small update."""

    name: fields.Title = ""
    count: int = 0


@api("/v2/test/rename", "/v2/test/alias")
def rename(message: Rename, clears: Clears) -> Any:
    """Say what was read."""
    return message, clears


@api("/v2/test/add")
def add(message: Rename) -> Any:
    """Say what was read."""
    return message


RENAME, ADD = rename.api, add.api  # type: ignore[attr-defined]


def read(body: bytes) -> tuple[str, int, set[str]]:
    message, clears, _ = RENAME.read(body)
    return message.name, message.count, set(clears)


@pytest.mark.parametrize("empty", [b'""', b"{}", b"[]", b"{ }", b"[\n\t]", b'  ""  '])
def test_empty_members_of_an_update_are_taken_out_whatever_their_type(empty: bytes) -> None:
    assert read(b'{"name": ' + empty + b', "count": 3}') == ("", 3, {"name"})
    assert read(b'{"count": ' + empty + b', "name": "x", "unknown": ' + empty + b"}") == ("x", 0, {"count", "unknown"})


@pytest.mark.parametrize(("given", "name"), [(b'" "', " "), (b'"\\n"', "\n"), (b'"{}"', "{}"), (b'"\\"\\""', '""')])
def test_a_text_of_blanks_or_brackets_is_not_empty(given: bytes, name: str) -> None:
    assert read(b'{"name": ' + given + b"}") == (name, 0, set())


def test_null_and_zero_are_not_empty() -> None:
    assert read(b'{"count": 0}') == ("", 0, set())
    with pytest.raises(ParamIllegal):
        read(b'{"count": null}')


def test_a_member_that_is_given_and_then_empty_is_empty() -> None:
    assert read(b'{"name": "x", "name": ""}') == ("", 0, {"name"})


def test_an_add_call_takes_nothing_out() -> None:
    with pytest.raises(ParamIllegal):
        ADD.read(b'{"name": ""}')


@pytest.mark.parametrize("body", [b"", b"[]", b'""', b"1", b"null", b'{"name": }', b'{"name": ""', b"\xff"])
def test_an_update_that_is_no_object_is_refused_in_plan_and_dry_run_alike(body: bytes) -> None:
    with pytest.raises(ParamIllegal) as refusal:
        RENAME.plan(body, is_large=False)
    assert [one for one in RENAME.findings(body) if one.is_error] == list(refusal.value.findings)


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Return a function that makes a package of one module with these functions in it."""

    def make(**functions: Any) -> ModuleType:
        parent, child = ModuleType("made_up"), ModuleType("made_up.one")
        for name, function in functions.items():
            setattr(child, name, function)
            if function is not print:
                monkeypatch.setattr(function, "__module__", "made_up.one")
        parent.__path__ = []
        monkeypatch.setitem(sys.modules, "made_up.one", child)
        found = type("Found", (), {"name": "made_up.one"})
        monkeypatch.setattr(pkgutil, "walk_packages", lambda *_: [found])
        return parent

    return make


def test_an_api_is_served_under_its_path_and_aliases(package: Callable[..., ModuleType]) -> None:
    served = collect(package(rename=rename, add=add, other=print))
    assert sorted(served) == ["/v2/test/add", "/v2/test/alias", "/v2/test/rename"]
    assert served["/v2/test/alias"] is served["/v2/test/rename"]


def test_two_functions_on_one_path_are_refused_at_start(package: Callable[..., ModuleType]) -> None:
    @api("/v2/test/alias")
    def twin(message: Rename) -> Any:
        """Take the alias."""

    with pytest.raises(ValueError, match="/v2/test/alias is served by"):
        collect(package(rename=rename, twin=twin))


def test_what_an_api_is_called_and_promises_is_read_off_its_function() -> None:
    assert (RENAME.name, RENAME.summary, RENAME.has_request_id) == ("rename", "Say what was read.", False)


@pytest.mark.parametrize(
    "name", ["updateItem", "/v2/pds/item/updateItem", "v2/pds/item/updateItem", "pds/item/updateItem"]
)
def test_an_api_is_found_by_its_name_or_path(name: str) -> None:
    assert named(collect(apis), name).path == "/v2/pds/item/updateItem"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("syncStore", "/v2/pos/syncStore"),
        ("pos/syncStore", "/v2/pos/syncStore"),
        ("pds/store/syncStore", "/v2/pds/store/syncStore"),
    ],
)
def test_a_name_of_two_apis_means_the_one_with_the_shorter_path(name: str, path: str) -> None:
    assert named(collect(apis), name).path == path


def test_an_unknown_name_gets_the_choices() -> None:
    with pytest.raises(KeyError, match="/v2/pds/item/addItem, "):
        named(collect(apis), "updateEverything")
