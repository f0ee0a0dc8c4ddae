"""The signature clinic's verdict on a call of the log, with the keys that the platform knows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dstore.protocol.envelope import read_credentials
from dstore.protocol.keys import read_public_key
from dstore.results import ParamIllegal
from dstore.sandbox.clinic import NamedKey, Request, examine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dstore.console.visits import Platform
    from dstore.requestlog.records import Text
    from dstore.sandbox.clinic import Verdict
    from dstore.storage.port import Reading, Row


async def diagnosis(platform: Platform, client_id: str, text: Text) -> Verdict | None:
    """Return which mistake explains a signature; None when the partner has no key to try."""
    rows = await platform.database.read(lambda reading: _keys(reading, client_id))
    request = Request(
        text.method,
        text.target,
        tuple((name.decode("latin-1"), value) for name, value in text.headers),
        text.body,
    )
    if not rows:
        return None
    return await asyncio.to_thread(_examine, request, rows, platform.calls.family)


def _examine(request: Request, rows: list[Row], family: Mapping[str, object]) -> Verdict:
    meant = _meant(request)
    # The key that the call names goes first: it is the one that the door tried.
    ordered = sorted(rows, key=lambda row: (row[0] != meant, row[2] is not None, -row[0]))
    keys = [NamedKey(f"key {version}", read_public_key(pem)) for version, pem, _ in ordered]
    return examine(request, keys, list(family))


def _meant(request: Request) -> int | None:
    try:
        return read_credentials(request.head).signature.key_version
    except ParamIllegal:
        return None


def _keys(reading: Reading, client_id: str) -> list[Row]:
    return reading.rows(
        "select k.version, k.public_key, k.revoked from partner_key k join partner p on p.id = k.partner_id"
        " where p.client_id = ? order by k.version desc",
        (client_id,),
    )
