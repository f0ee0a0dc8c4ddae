"""Receiving bodies: whole, bounded in size, in time, and all together."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import pytest

from dstore import settings
from dstore.protocol.body import Bodies, Body, CallerLeftError
from dstore.protocol.envelope import read_head
from dstore.results import ParamIllegal, TooMuchTraffic


def bodies(**chosen: Any) -> Bodies:
    return Bodies(settings.load({}, **chosen)[0])


def sent(
    all_bodies: Bodies,
    *chunks: bytes,
    length: int | None = None,
    ends: str = "last",
    address: str = "",
    client: bytes = b"c",
) -> Body:
    """Return a body that arrives in these chunks; it `ends` with the last one, with a hang-up, or never."""
    headers = [] if length is None else [(b"content-length", str(length).encode())]
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    if ends == "last" and messages:
        messages[-1]["more_body"] = False
    elif ends == "hang-up":
        messages.append({"type": "http.disconnect"})

    async def receive() -> Any:
        if messages:
            return messages.pop(0)
        return await asyncio.Event().wait()

    head = read_head("POST", b"/v2/x", b"", [*headers, (b"client-id", client), (b"request-time", b"t")], address)
    return all_bodies.of(head, receive)


def read(body: Body) -> bytes:
    return asyncio.run(body.read())


def test_a_body_is_its_chunks_joined_and_hashed_on_the_way() -> None:
    body = sent(bodies(), b"ab", b"", b"c", length=3)
    assert read(body) == b"abc"
    assert body.complete
    assert body.size == 3
    assert body.digest == hashlib.sha256(b"abc").digest()
    assert body.signed_digest == hashlib.sha256(b"POST /v2/x\nc.t.abc").digest()
    assert read(body) == b"abc"


def test_an_empty_body_is_a_body() -> None:
    assert read(sent(bodies(), b"")) == b""


@pytest.mark.parametrize("length", [11, 10**9])
def test_a_body_announced_too_long_is_refused_before_it_is_received(length: int) -> None:
    body = sent(bodies(body_limit=10), ends="never", length=length)
    with pytest.raises(ParamIllegal) as refusal:
        read(body)
    assert refusal.value.result.message == f"the body has {length:,} bytes or more, at most 10 are allowed"
    assert not body.complete


def test_a_body_that_turns_out_too_long_is_refused_on_the_way() -> None:
    body = sent(bodies(body_limit=10), b"x" * 6, b"x" * 5, b"x" * 1000)
    with pytest.raises(ParamIllegal):
        read(body)
    assert body.size == 6


def test_the_longest_body_is_taken() -> None:
    assert len(read(sent(bodies(body_limit=10), b"x" * 5, b"x" * 5, length=10))) == 10


def test_a_body_that_does_not_arrive_in_time_is_refused() -> None:
    body = sent(bodies(body_seconds=0), b"x", ends="never")
    with pytest.raises(ParamIllegal) as refusal:
        read(body)
    assert refusal.value.result.message == "the body did not arrive within 0 s"


def test_a_caller_that_hangs_up_is_no_request() -> None:
    with pytest.raises(CallerLeftError, match="after 1 bytes"):
        read(sent(bodies(), b"x", ends="hang-up"))


def test_all_bodies_together_are_bounded_and_their_room_is_given_back() -> None:
    together = bodies(body_budget=100_000)
    first, second = sent(together, b"x" * 80_000), sent(together, b"x" * 80_000)
    assert len(read(first)) == 80_000
    with pytest.raises(TooMuchTraffic):
        read(second)
    small = sent(together, b"x" * 60_000)
    assert len(read(small)) == 60_000, "large bodies may not keep small ones out"
    for one in (small, second, first):
        one.release()
    assert together.left == 100_000
    assert len(read(sent(together, b"x" * 80_000))) == 80_000


def test_one_address_holds_a_quarter_of_the_budget_and_one_client_id_a_half() -> None:
    together = bodies(body_budget=1_000_000, body_limit=125_000)

    def take(address: str, client: bytes) -> Body:
        body = sent(together, b"x" * 25_000, b"x" * 100_000, address=address, client=client)
        try:
            read(body)
        except TooMuchTraffic:
            body.release()
            raise
        return body

    held = [take("a", b"1"), take("a", b"2")]
    with pytest.raises(TooMuchTraffic):
        take("a", b"3")
    assert len(read(sent(together, b"x" * 60_000, address="a"))) == 60_000, "small bodies are always taken"
    held += [take("b", b"2"), take("c", b"2"), take("d", b"2")]
    with pytest.raises(TooMuchTraffic):
        take("e", b"2")
    take("e", b"1")
    for one in held:
        one.release()
    take("a", b"2")


def test_a_body_of_the_greatest_length_fits_into_any_part_of_the_budget() -> None:
    together = bodies(body_budget=200_000, body_limit=150_000)
    assert len(read(sent(together, b"x" * 150_000))) == 150_000


@pytest.mark.parametrize(("kept", "beginning"), [(0, b""), (3, b"abc"), (4, b"abcd"), (9, b"abcde")])
def test_the_beginning_of_a_body_is_what_the_request_log_keeps(kept: int, beginning: bytes) -> None:
    assert sent_and_received(kept, b"ab", b"cd", b"e").beginning() == beginning


def sent_and_received(kept: int, *chunks: bytes) -> Body:
    """Return a body of which the caller hung up before its end."""
    body = sent(bodies(request_log_bytes=kept), *chunks, ends="hang-up")
    with pytest.raises(CallerLeftError):
        read(body)
    return body
