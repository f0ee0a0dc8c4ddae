"""Keys change while two workers serve: the change holds for the very next call, in both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dstore import partners
from dstore.storage.opening import open_database
from faults import processes
from faults.traffic import fresh, opening
from harness import caller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faults.traffic import Line
    from harness.server import Server

LINES = 8


@pytest.fixture
def lines(shared: Server) -> Iterator[list[Line]]:
    """Kept-alive connections, the same number to each worker."""
    held = [line for of_one in processes.lines_to_each(shared, LINES).values() for line in of_one]
    yield held
    for line in held:
        line.close()


def partner(server: Server, folder: Path, client_id: str, key_name: str) -> None:
    """Add a partner, or a key to one, by the command line."""
    file = folder / f"{key_name}.pub"
    file.write_text(caller.public_pem(key_name))
    server.dstore(
        "partner", "add", client_id, "--client-id", client_id, "--public-key", str(file), "--database", server.url
    )  # fmt: skip


def codes(lines: list[Line], client_id: str, key_name: str, version: int | None) -> set[str]:
    """Call once over every connection; return the result codes."""
    found = set()
    for line in lines:
        body = opening(fresh("key"), "Shop", "OPEN")
        body["posAccountId"] = f"account of {client_id}"
        answer = line.must("syncStore", body, client_id=client_id, key_name=key_name, version=version)
        found.add(answer.code)
    return found


def test_a_new_key_works_at_once_and_a_revoked_one_no_more_in_every_process(
    shared: Server, lines: list[Line], tmp_path: Path
) -> None:
    who = fresh("rotating")
    for version in range(1, 4):
        name = f"{who}-{version}"
        partner(shared, tmp_path, who, name)
        assert codes(lines, who, name, version) == {"SUCCESS"}
        assert codes(lines, who, name, None) == {"SUCCESS"}
        if version > 1:
            old = f"{who}-{version - 1}"
            assert codes(lines, who, old, version - 1) == {"SUCCESS"}, "both are valid until one is revoked"
            shared.dstore("partner", "revoke", who, str(version - 1), "--database", shared.url)
            assert codes(lines, who, old, version - 1) == {"INVALID_SIGNATURE"}
            assert codes(lines, who, name, version) == {"SUCCESS"}


def test_a_disabled_partner_is_out_at_once_in_every_process_and_in_again(
    shared: Server, lines: list[Line], tmp_path: Path
) -> None:
    who = fresh("disabled")
    partner(shared, tmp_path, who, who)
    assert codes(lines, who, who, 1) == {"SUCCESS"}
    shared.dstore("partner", "disable", who, "--database", shared.url)
    assert codes(lines, who, who, 1) == {"ACCESS_DENIED"}
    shared.dstore("partner", "enable", who, "--database", shared.url)
    assert codes(lines, who, who, 1) == {"SUCCESS"}


def test_a_revoked_key_gets_no_stored_result_either(shared: Server, lines: list[Line], tmp_path: Path) -> None:
    who = fresh("replaying")
    partner(shared, tmp_path, who, who)
    body = opening(fresh("key"), "Shop", "OPEN")
    body["posAccountId"] = f"account of {who}"
    assert {line.must("syncStore", body, client_id=who, key_name=who).code for line in lines} == {"SUCCESS"}
    shared.dstore("partner", "revoke", who, "1", "--database", shared.url)
    assert {line.must("syncStore", body, client_id=who, key_name=who).code for line in lines} == {"INVALID_SIGNATURE"}


def test_answers_are_signed_with_the_platforms_new_key_at_once_in_every_process(
    shared: Server, lines: list[Line]
) -> None:
    shared.dstore("key", "rotate", "--database", shared.url)
    database = open_database(shared.url)
    ring = database.read_now(partners.read_ring)
    database.close()
    before = shared.platform_key.public_numbers()
    shared.platform_key = ring.platform.key.public_key()
    assert shared.platform_key.public_numbers() != before
    for line in lines:
        line.platform_key = shared.platform_key
    # Each of these answers is verified with the new key by the harness.
    assert codes(lines, "c1", "c1", 1) == {"SUCCESS"}
    answer = lines[0].must("syncStore", opening(fresh("key"), "Shop", "OPEN"))
    assert f"keyVersion={ring.platform.version}," in answer.headers["signature"]
