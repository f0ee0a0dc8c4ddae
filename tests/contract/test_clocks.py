"""Clocks: the window for request-time when it is on, none when it is off, and an order that no client's clock decides."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from contract.family import PATHS, body, digest, prepare
from contract.forging import Request

if TYPE_CHECKING:
    from harness.platform import Platform

WINDOW = 300
ZONES = [timezone(timedelta(hours=8)), timezone(timedelta(hours=-9, minutes=-30)), timezone.utc]  # noqa: UP017 - a list of zones


def forms(moment: datetime) -> list[str]:
    """Return a moment in the forms that the family's clients send."""
    written = [moment.astimezone(zone).isoformat(timespec="milliseconds") for zone in ZONES]
    return [*written, str(round(moment.timestamp() * 1000)), moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"]


@pytest.mark.parametrize("path", PATHS)
def test_a_request_outside_the_window_is_refused_in_every_form_and_leaves_no_trace(
    platform: Platform, path: str
) -> None:
    prepare(platform, path)
    platform.restart(freshness_seconds=WINDOW)
    raw = json.dumps(body(path)).encode()
    now, before = platform.clock.now(), digest(platform)
    for distance in (WINDOW + 1, -WINDOW - 1, 86_400, -86_400, 3600, -3600):
        for time in forms(now + timedelta(seconds=distance)):
            answer = Request(path, raw, time=time).send(platform)
            assert (answer.code, answer.message) == (
                "PARAM_ILLEGAL",
                f"header request-time: is {abs(distance)} s from the platform's clock, at most {WINDOW} s are allowed",
            )
    assert digest(platform) == before
    for distance in (WINDOW, -WINDOW, 0):
        for time in forms(now + timedelta(seconds=distance)):
            assert Request(path, raw, time=time).send(platform).code == "SUCCESS"


@pytest.mark.parametrize("path", PATHS)
def test_without_a_window_any_moment_is_taken(platform: Platform, path: str) -> None:
    prepare(platform, path)
    raw = json.dumps(body(path)).encode()
    for time in (
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59+00:00",
        "2024-02-29T12:00:00+14:00",
        "0000000000",
    ):
        assert Request(path, raw, time=time).send(platform).code == "SUCCESS"


def test_a_window_at_the_ends_of_time_is_no_fault(platform: Platform) -> None:
    platform.restart(freshness_seconds=WINDOW)
    for time in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999999999999999"):
        assert Request(PATHS[0], b"{}", time=time).send(platform).code == "PARAM_ILLEGAL"


def test_the_order_of_calls_is_theirs_whatever_their_clocks_say(platform: Platform) -> None:
    """The later call wins, also when its request-time is older; the history shows the time beside it."""
    path = "/v2/pos/syncStore"
    times = ["2026-11-22T04:00:00Z", "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "1795320000000"]
    for number, time in enumerate(times):
        message = body(path, requestId=f"{number}")
        message["store"]["name"] = f"name {number}"
        assert Request(path, json.dumps(message).encode(), time=time).send(platform).code == "SUCCESS"
        assert platform.menu()["store"]["name"] == f"name {number}"
    assert platform.rows("select request_time from history order by id") == [(time,) for time in times]


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=-400), timedelta(days=4000)])
def test_a_platform_whose_clock_is_put_goes_on(platform: Platform, step: timedelta) -> None:
    path = "/v2/pos/syncStore"
    raw = json.dumps(body(path)).encode()
    first = Request(path, raw).send(platform)
    platform.clock.advance(step)
    again = Request(path, raw).send(platform)
    assert again.body == first.body
    said = [datetime.fromisoformat(one.headers["response-time"]) for one in (first, again)]
    assert said[1] - said[0] == step
    assert Request(path, json.dumps(body(path, requestId="next")).encode()).send(platform).code == "SUCCESS"
    assert len(platform.rows("select * from given")) == 2
