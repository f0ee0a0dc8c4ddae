"""Large bodies wait for each other fairly: no partner waits for everything that another one sends."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from functools import partial

from dstore.protocol.lanes import VERY_LARGE, Lanes

FIRST, SECOND = 1, 2


def test_of_each_partner_one_call_at_a_time_stands_in_the_queue() -> None:
    done: list[str] = []

    async def run() -> None:
        lanes, go = Lanes(), threading.Event()

        def job(name: str) -> None:
            go.wait(10)
            done.append(name)

        calls = [asyncio.ensure_future(lanes.run(FIRST, 100, partial(job, f"first {n}"))) for n in range(4)]
        await asyncio.sleep(0)
        calls.append(asyncio.ensure_future(lanes.run(SECOND, 100, lambda: job("second"))))
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(*calls)
        await lanes.close()

    asyncio.run(run())
    assert done == ["first 0", "second", "first 1", "first 2", "first 3"]


def test_a_catalogue_does_not_wait_for_twenty_stores() -> None:
    async def run() -> bool:
        lanes, go = Lanes(), threading.Event()
        slow = asyncio.ensure_future(lanes.run(FIRST, VERY_LARGE + 1, lambda: go.wait(10)))
        await asyncio.sleep(0)
        quick = await lanes.run(FIRST, VERY_LARGE, lambda: not go.is_set())
        go.set()
        await slow
        await lanes.close()
        return quick

    assert asyncio.run(run())


def test_who_gave_up_waiting_leaves_the_queue() -> None:
    done: list[str] = []

    async def run() -> None:
        lanes, go = Lanes(), threading.Event()
        first = asyncio.ensure_future(lanes.run(FIRST, 100, lambda: go.wait(10)))
        await asyncio.sleep(0)
        given_up = asyncio.ensure_future(lanes.run(SECOND, 100, lambda: done.append("given up")))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.wait([given_up])
        go.set()
        await first
        await lanes.run(SECOND, 100, lambda: done.append("after"))
        await lanes.close()

    asyncio.run(run())
    assert done == ["after"]


def test_what_is_done_meanwhile_interrupts_nobody() -> None:
    async def run() -> tuple[str, int | None]:
        lanes = Lanes()

        def job() -> tuple[str, int | None]:
            return threading.current_thread().name, os.sched_getscheduler(0) if sys.platform == "linux" else None

        done = lanes.meanwhile(job).result(10)
        await lanes.close()
        return done

    name, policy = asyncio.run(run())
    assert name.startswith("dstore-meanwhile")
    assert sys.platform != "linux" or policy == os.SCHED_BATCH
