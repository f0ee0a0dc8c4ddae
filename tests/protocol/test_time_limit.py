"""A time limit cuts what is late and nothing else, with one timer for all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from dstore.protocol.time_limit import TimeLimit

if TYPE_CHECKING:
    from collections.abc import Awaitable

SOON, NEVER = 0.01, 1000.0
T = TypeVar("T")


async def wait_for_ever() -> None:
    await asyncio.Event().wait()


async def within(limit: TimeLimit, work: Awaitable[T]) -> T:
    with limit.kept():
        return await work


def test_work_in_time_is_left_alone() -> None:
    async def run() -> str:
        return await within(TimeLimit(NEVER), asyncio.sleep(0, "done"))

    assert asyncio.run(run()) == "done"


@pytest.mark.parametrize("seconds", [0, SOON])
def test_late_work_is_cancelled_where_it_waits(seconds: float) -> None:
    seen: list[str] = []

    async def work() -> None:
        try:
            await wait_for_ever()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def run() -> int:
        with pytest.raises(TimeoutError):
            await within(TimeLimit(seconds), work())
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling()

    assert asyncio.run(run()) == 0, "the task goes on as if it had never been cancelled"
    assert seen == ["cancelled"]


def test_each_is_cut_at_its_own_time_and_those_in_between_end_as_they_do() -> None:
    order: list[str] = []

    async def late(limit: TimeLimit, name: str) -> None:
        with pytest.raises(TimeoutError):
            await within(limit, wait_for_ever())
        order.append(name)

    async def run() -> None:
        limit = TimeLimit(SOON)
        first = asyncio.ensure_future(late(limit, "first"))
        await asyncio.sleep(0)
        assert await within(limit, asyncio.sleep(0, "quick")) == "quick"
        await first
        await late(limit, "second")
        await asyncio.gather(late(limit, "third"), late(limit, "fourth"))

    asyncio.run(run())
    assert order == ["first", "second", "third", "fourth"]


def test_who_is_cancelled_by_somebody_else_is_not_late() -> None:
    async def run() -> None:
        task = asyncio.ensure_future(within(TimeLimit(NEVER), wait_for_ever()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_who_is_late_and_cancelled_by_somebody_else_is_cancelled() -> None:
    async def run() -> None:
        async def work() -> None:
            try:
                await wait_for_ever()
            except asyncio.CancelledError:
                task.cancel()
                raise

        task = asyncio.ensure_future(within(TimeLimit(0), work()))
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_a_fault_of_the_work_is_its_own() -> None:
    async def run() -> None:
        with pytest.raises(ZeroDivisionError), TimeLimit(NEVER).kept():
            raise ZeroDivisionError

    asyncio.run(run())


def test_one_timer_serves_all(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> int:
        loop, timers = asyncio.get_running_loop(), []
        set_timer = loop.call_at

        def counted(*arguments: Any) -> Any:
            timers.append(arguments)
            return set_timer(*arguments)

        monkeypatch.setattr(loop, "call_at", counted)
        limit = TimeLimit(NEVER)
        for _ in range(100):
            await within(limit, asyncio.sleep(0))
        return len(timers)

    assert asyncio.run(run()) == 1


def test_another_event_loop_begins_anew() -> None:
    limit = TimeLimit(SOON)

    async def run() -> None:
        with pytest.raises(TimeoutError):
            await within(limit, wait_for_ever())

    async def leave() -> None:
        left = asyncio.ensure_future(within(limit, wait_for_ever()))
        await asyncio.sleep(0)
        assert not left.done()

    asyncio.run(leave())
    asyncio.run(run())


def test_it_is_for_tasks() -> None:
    async def run() -> str:
        told: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def outside() -> None:
            with pytest.raises(RuntimeError):
                TimeLimit(NEVER).kept()
            told.set_result("refused")

        asyncio.get_running_loop().call_soon(outside)
        return await told

    assert asyncio.run(run()) == "refused"
