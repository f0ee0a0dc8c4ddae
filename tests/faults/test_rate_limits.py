"""Rates: for each address before the signature is looked at, for each partner after it; a burst, a refusal, an end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from faults import oracle
from faults.test_keys import partner
from faults.traffic import fresh, opening
from harness.server import Server

if TYPE_CHECKING:
    from pathlib import Path

    from faults.traffic import Line

RATE = 1
BURST_SECONDS = 40
BURST = RATE * BURST_SECONDS
REFUSED = "REQUEST_TRAFFIC_EXCEED_LIMIT"
RECOVER_SECONDS = 5.0


def flood(line: Line, calls: int, **signing: object) -> tuple[list[str], float]:
    """Call without pause; return the codes and the seconds it took."""
    began = time.monotonic()
    codes = [line.must("syncStore", opening("flooded", "Shop", "OPEN"), **signing).code for _ in range(calls)]
    return codes, time.monotonic() - began


def check_burst(codes: list[str], seconds: float, code: str) -> None:
    """Assert that about a burst got through, in one piece, and the rest was refused."""
    through = codes.count(code)
    assert set(codes) == {code, REFUSED}
    assert set(codes[:BURST]) == {code}
    assert BURST <= through <= BURST + RATE * seconds + 1
    print(f"\n{len(codes)} calls in {seconds:.2f} s at {RATE}/s with a burst of {BURST}: {through} got through")


def check_recovery(server: Server, line: Line) -> None:
    """Call until one is refused, and then again under the same requestId until there is room: it has one effect."""
    began = time.monotonic()
    body = opening("later", fresh("Name "), "OPEN")
    while line.must("syncStore", body).code != REFUSED:
        body = opening("later", fresh("Name "), "OPEN")
    assert not oracle.history(server.url, body["requestId"])
    while line.must("syncStore", body).code != "SUCCESS":
        assert time.monotonic() - began <= RECOVER_SECONDS
    assert len(oracle.history(server.url, body["requestId"])) == 1


def test_an_address_is_refused_before_its_signature_is_looked_at(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dstore.db'}"
    with Server(url, DSTORE_ADDRESS_RATE=str(RATE), DSTORE_BURST_SECONDS=str(BURST_SECONDS)) as server:
        line = oracle.line(server)
        # Forged signatures cost as much as true ones, and are not verified once the burst is over.
        codes, seconds = flood(line, 3 * BURST, key_name="stranger")
        check_burst(codes, seconds, "INVALID_SIGNATURE")
        check_recovery(server, line)
        line.close()


def test_a_partner_is_refused_after_its_signature_and_holds_up_no_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dstore.db'}"
    with Server(url, DSTORE_PARTNER_RATE=str(RATE), DSTORE_BURST_SECONDS=str(BURST_SECONDS)) as server:
        other = fresh("other")
        partner(server, tmp_path, other, other)
        line = oracle.line(server)
        # What somebody else signs in the partner's name is not taken from the partner's share.
        assert set(flood(line, 2 * BURST, key_name="stranger")[0]) == {"INVALID_SIGNATURE"}
        codes, seconds = flood(line, 3 * BURST)
        check_burst(codes, seconds, "SUCCESS")
        assert line.must("syncStore", opening("s", "Shop", "OPEN"), key_name="stranger").code == "INVALID_SIGNATURE"
        body = opening("of another", "Shop", "OPEN") | {"posAccountId": "of another"}
        assert line.must("syncStore", body, client_id=other, key_name=other).code == "SUCCESS"
        check_recovery(server, line)
        line.close()
