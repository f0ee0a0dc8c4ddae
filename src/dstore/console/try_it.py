"""Try it: a call of one's own through the real door, with the signed content to be seen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dstore import partners, samples
from dstore.console.curling import as_curl
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.protocol import keys
from dstore.protocol.api import named
from dstore.protocol.client import UnreadableAnswerError, read_answer, sign_call
from dstore.protocol.keys import UnreadableKeyError
from dstore.protocol.signature import content_prefix
from dstore.requestlog.records import Text
from dstore.sandbox.clinic import visible

if TYPE_CHECKING:
    from starlette.responses import Response

    from dstore.console.visits import Visit
    from dstore.protocol.api import Api
    from dstore.protocol.client import Answer, Reply, SignedCall
    from dstore.samples import Sample

HOME = "/console/try"
LONGEST_BODY = 200_000
LONGEST_KEY = 8_000
MOST_VISIBLE = 20_000


@dataclass(frozen=True, slots=True)
class Trial:
    """What the operator filled in."""

    api: Api
    body: str
    client_id: str
    version: str
    key: str


async def show(visit: Visit) -> Response:
    """Show the form with a sample of an API."""
    api = _api(visit, visit.query("api"))
    some = samples.of(api)
    sample = next((one for one in some if one.name == visit.query("sample")), some[0] if some else None)
    body = sample.text if sample else "{}"
    return await _page(visit, Trial(api, body, visit.query("partner"), "", ""), sample)


async def send(visit: Visit) -> Response:
    """Sign what was filled in, and send it unless it is only to be looked at."""
    key = visit.field("key", LONGEST_KEY)
    api = _api(visit, visit.field("api"))
    trial = Trial(api, visit.field("body", LONGEST_BODY), visit.field("client_id"), visit.field("version", 9), key)
    try:
        signed = await asyncio.to_thread(_signed, visit, trial)
    except (UnreadableKeyError, UnicodeEncodeError) as fault:
        return await _page(visit, trial, None, fault=str(fault), status=400)
    if visit.field("act") != "send":
        return await _page(visit, trial, None, signed=signed)
    reply = await visit.platform.calls.send(signed, _address(visit))
    ring = await visit.read(partners.read_ring)
    try:
        answer = read_answer(signed, reply, ring.platform.key.public_key())
    except UnreadableAnswerError as fault:
        return await _page(visit, trial, None, signed=signed, fault=str(fault))
    return await _page(visit, trial, None, signed=signed, reply=reply, answer=answer)


def _signed(visit: Visit, trial: Trial) -> SignedCall:
    key = keys.read_private_key(trial.key)
    trial.client_id.encode("ascii")
    version = int(trial.version) if trial.version.isdecimal() else 1
    return sign_call(trial.api.path, trial.body.encode(), trial.client_id, key, visit.now, version)


def _address(visit: Visit) -> str:
    client = visit.request.client
    return client.host if client else ""


def _api(visit: Visit, name: str) -> Api:
    family = dict(visit.platform.calls.family)
    try:
        return named(family, name)
    except KeyError:
        return next((one for one in visit.platform.calls.apis if samples.of(one)), visit.platform.calls.apis[0])


async def _page(
    visit: Visit, trial: Trial, sample: Sample | None, *, signed: SignedCall | None = None, reply: Reply | None = None,
    answer: Answer | None = None, fault: str = "", status: int = 200,
) -> Response:  # fmt: skip
    rows = await visit.read(
        lambda reading: reading.rows("select client_id from partner where active = 1 order by client_id")
    )
    return visit.page(
        "console/try.html",
        status=status,
        trial=trial,
        sample=sample,
        apis=visit.platform.calls.apis,
        samples=samples.of(trial.api),
        clients=[row[0] for row in rows],
        signed=signed,
        content=None if signed is None else _content(signed),
        curl="" if signed is None else as_curl(str(visit.request.base_url).rstrip("/"), _text(signed)),
        reply=reply,
        answer=answer,
        fault=fault,
    )


def _content(signed: SignedCall) -> str:
    """Return the signed content, in which blanks and line ends are seen."""
    headers = dict(signed.headers)
    prefix = content_prefix(
        signed.target.encode(), signed.client_id.encode("latin-1"), headers["request-time"].encode()
    )
    return visible((prefix + signed.body)[:MOST_VISIBLE])


def _text(signed: SignedCall) -> Text:
    headers: list[Any] = [(name.encode(), value.encode("latin-1")) for name, value in signed.headers]
    return Text("POST", signed.target.encode(), headers, signed.body, len(signed.body), [], b"", [])


PAGES = [
    Page(HOME, Action.TRY_CALLS, show),
    Page(HOME, Action.TRY_CALLS, send, "POST", most_bytes=1024 * 1024),
]
