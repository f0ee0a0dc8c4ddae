"""`dstore check`: every finding of a body, without a server."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.terminal import Run

GOOD = {
    "requestId": "r1",
    "posAccountId": "shop-1",
    "store": {"posStoreId": "s1", "name": "Corner shop"},
    "products": [
        {"posProductId": "p1", "type": "SINGLE", "status": "AVAILABLE", "name": "tea", "price": {"currency": "SGD", "value": 100}}
    ],
}  # fmt: skip
FAULTY = {
    "requestId": "r1",
    "posAccountId": 5,
    "colour": "red",
    "store": {"name": "Corner shop"},
    "products": [{"posProductId": "p1", "status": "GONE", "nmae": "tea"}],
}


def file(folder: Path, body: Any) -> Path:
    path = folder / "body.json"
    path.write_bytes(body if isinstance(body, bytes) else json.dumps(body).encode())
    return path


def test_every_finding_is_printed_errors_first(dstore: Run, tmp_path: Path) -> None:
    done = dstore("check", "syncProduct", file(tmp_path, FAULTY), "--json")
    found = json.loads(done.out)
    assert done.code == 1
    assert [(one["level"], one["path"], one["rule"]) for one in found] == [
        ("error", "posAccountId", "type.mismatch"),
        ("error", "store.posStoreId", "type.missing"),
        ("error", "products[0].status", "type.value"),
        ("warning", "colour", "type.unknown-member"),
        ("warning", "products[0].nmae", "type.unknown-member"),
    ]
    assert all(one["cause"] and one["advice"] for one in found)


def test_a_list_that_was_cut_says_so(dstore: Run, tmp_path: Path) -> None:
    faulty = {**GOOD, "products": [{"posProductId": 1, "colour": "red"}] * 2000}
    done = dstore("check", "syncProduct", file(tmp_path, faulty), "--json")
    found = json.loads(done.out)
    assert len(found) == 1001
    assert {one["level"] for one in found[:1000]} == {"error"}
    assert found[1000]["rule"] == "findings.cut"
    assert found[1000]["cause"] == "there may be more to say; the first 1,000 findings are listed"


def test_the_list_shows_path_cause_advice_and_rule_within_80_columns(dstore: Run, tmp_path: Path) -> None:
    done = dstore("check", "syncProduct", file(tmp_path, FAULTY))
    assert done.code == 1
    assert "error  products[0].status" in done.out
    assert '"GONE" is not a known value; known are AVAILABLE, SOLDOUT' in done.out
    assert "[type.value]" in done.out
    assert done.out.endswith("/v2/pos/syncProduct: 3 errors, 2 warnings\n")
    assert max(map(len, done.out.splitlines())) <= 80


def test_rules_beyond_the_types_are_applied(dstore: Run, tmp_path: Path) -> None:
    body = json.loads(json.dumps(GOOD))
    body["products"][0]["subProducts"] = ["g1"]
    done = dstore("check", "syncProduct", file(tmp_path, body))
    assert done.code == 1
    assert "products[0].subProducts[0]" in done.out
    assert "product.reference" in done.out


def test_a_warning_alone_is_a_finding(dstore: Run, tmp_path: Path) -> None:
    done = dstore("check", "syncProduct", file(tmp_path, {**GOOD, "colour": "red"}))
    assert done.code == 1
    assert done.out.endswith("0 errors, 1 warning\n")


@pytest.mark.parametrize("api", ["syncProduct", "pos/syncProduct", "/v2/pos/syncProduct", "/v2/pds/store/syncProduct"])
def test_a_body_without_findings_gets_one_line_and_exit_0(dstore: Run, tmp_path: Path, api: str) -> None:
    done = dstore("check", api, file(tmp_path, GOOD))
    assert (done.code, done.error) == (0, "")
    assert "syncProduct: no findings." in done.out
    assert len(done.out.splitlines()) == 1


def test_no_findings_as_json_are_an_empty_list(dstore: Run, tmp_path: Path) -> None:
    done = dstore("check", "syncProduct", file(tmp_path, GOOD), "--json")
    assert (done.code, json.loads(done.out)) == (0, [])


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b"\xef\xbb\xbf{}", b"[" * 100, b'{"requestId":"\\u0000"}', b"null"]
)
def test_a_body_that_is_no_message_is_a_finding_not_a_traceback(dstore: Run, tmp_path: Path, body: bytes) -> None:
    for api in ("syncProduct", "syncStore"):
        done = dstore("check", api, file(tmp_path, body))
        assert (done.code, done.error) == (1, "")
        assert "error" in done.out


def test_the_body_may_come_from_standard_input(dstore: Run) -> None:
    assert dstore("check", "syncProduct", "-", stdin=json.dumps(GOOD).encode()).code == 0


def test_an_unknown_api_gets_the_choices_in_one_line(dstore: Run, tmp_path: Path) -> None:
    done = dstore("check", "syncProducts", file(tmp_path, GOOD))
    assert (done.code, done.out) == (1, "")
    assert done.error.startswith("dstore: syncProducts: name one of ")
    assert "/v2/pos/syncProduct" in done.error


def test_a_file_that_is_not_there_gets_one_line(dstore: Run, tmp_path: Path) -> None:
    done = dstore("check", "syncProduct", tmp_path / "none.json")
    assert done.code == 1
    assert "none.json" in done.error
    assert len(done.error.splitlines()) == 1


def test_as_a_process_it_exits_like_that(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dstore", "check", "syncProduct", "-"]
    done = subprocess.run(command, input=json.dumps(FAULTY).encode(), capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"3 errors, 2 warnings" in done.stdout
