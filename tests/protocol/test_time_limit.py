"""A time limit cuts what is late and nothing else, with one timer for all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from dstore.protocol.time_limit import TimeLimit

if TYPE_CHECKING:
    from collections.abc import Awaitable

SOON, NEVER = 0.05, 1000.0
TICK = 0.002
"""A loop's clock may count in milliseconds."""
PATIENCE = 5.0
T = TypeVar("T")


async def wait_for_ever() -> None:
    """Wait to be cancelled; who is not is found out."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await asyncio.Event().wait()
    raise AssertionError("nobody cut it off")


async def within(limit: TimeLimit, work: Awaitable[T]) -> T:
    with limit.kept():
        return await work


async def is_cut(limit: TimeLimit) -> float:
    """Return after how many seconds work that never ends was cut off."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(TimeoutError) as cut:
        await within(limit, wait_for_ever())
    assert isinstance(cut.value.__cause__, asyncio.CancelledError)
    assert cancelled() == 0, "the task goes on as if it had never been cancelled"
    return loop.time() - began


def cancelled() -> int:
    """Return how often the running task was asked to end."""
    task = asyncio.current_task()
    assert task is not None
    return task.cancelling()


@pytest.mark.anyio
async def test_work_in_time_is_left_alone_also_when_its_time_is_over() -> None:
    limit = TimeLimit(SOON)
    assert await within(limit, asyncio.sleep(0, "done")) == "done"
    assert await is_cut(limit) >= SOON - TICK


@pytest.mark.anyio
@pytest.mark.parametrize("seconds", [0, SOON])
async def test_late_work_is_cancelled_where_it_waits(seconds: float) -> None:
    assert await is_cut(TimeLimit(seconds)) >= seconds - TICK


@pytest.mark.anyio
async def test_each_is_cut_when_its_own_time_is_over() -> None:
    limit, apart = TimeLimit(SOON), TimeLimit(SOON / 3)
    works = []
    for _ in range(6):  # the first are late while the last are not
        works.append(asyncio.ensure_future(is_cut(limit)))
        await is_cut(apart)
    assert await within(limit, asyncio.sleep(0, "quick")) == "quick"
    taken = await asyncio.gather(*works)
    assert min(taken) >= SOON - TICK
    assert max(taken) < PATIENCE / 2


@pytest.mark.anyio
async def test_all_that_is_late_at_once_is_cut() -> None:
    limit = TimeLimit(SOON)
    taken = await asyncio.gather(*(is_cut(limit) for _ in range(5)))
    assert max(taken) < PATIENCE / 2


@pytest.mark.anyio
async def test_limits_may_stand_inside_each_other() -> None:
    soon, never = TimeLimit(SOON), TimeLimit(NEVER)
    with never.kept(), pytest.raises(TimeoutError), soon.kept():
        await wait_for_ever()
    with pytest.raises(TimeoutError), soon.kept(), never.kept():
        await wait_for_ever()
    assert cancelled() == 0


@pytest.mark.anyio
async def test_who_is_cancelled_by_somebody_else_is_not_late() -> None:
    task = asyncio.ensure_future(within(TimeLimit(NEVER), wait_for_ever()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.anyio
async def test_who_is_late_and_cancelled_by_somebody_else_is_cancelled() -> None:
    async def work() -> None:
        try:
            await wait_for_ever()
        except asyncio.CancelledError:
            task.cancel()
            raise

    task = asyncio.ensure_future(within(TimeLimit(SOON), work()))
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.anyio
async def test_work_of_a_task_that_was_cancelled_once_may_be_late_as_any() -> None:
    async def cancelled_once() -> int:
        with suppress(asyncio.CancelledError):
            await wait_for_ever()
        with pytest.raises(TimeoutError):
            await within(TimeLimit(SOON), wait_for_ever())
        return cancelled()

    task = asyncio.ensure_future(cancelled_once())
    await asyncio.sleep(0)
    task.cancel()
    assert await task == 1


@pytest.mark.anyio
async def test_what_late_work_ends_with_is_its_own() -> None:
    async def returns() -> str:
        with suppress(asyncio.CancelledError):
            await wait_for_ever()
        return "after all"

    async def fails() -> None:
        with suppress(asyncio.CancelledError):
            await wait_for_ever()
        raise ZeroDivisionError

    limit = TimeLimit(SOON)
    assert await within(limit, returns()) == "after all"
    with pytest.raises(ZeroDivisionError):
        await within(limit, fails())
    assert cancelled() == 0


@pytest.mark.anyio
async def test_late_work_that_cleans_up_is_not_cut_a_second_time() -> None:
    limit = TimeLimit(SOON)

    async def cleans_up() -> None:
        try:
            await wait_for_ever()
        finally:
            await asyncio.wait([asyncio.ensure_future(is_cut(limit))])  # until the limit has been looked after again

    with pytest.raises(TimeoutError):
        await within(limit, cleans_up())


@pytest.mark.anyio
async def test_a_fault_of_the_work_is_its_own() -> None:
    with pytest.raises(ZeroDivisionError), TimeLimit(NEVER).kept():
        raise ZeroDivisionError


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


def test_another_event_loop_begins_anew_and_is_left_alone_by_the_first() -> None:
    limit, left, second = TimeLimit(SOON), asyncio.new_event_loop(), asyncio.new_event_loop()
    forgotten = left.create_task(within(limit, wait_for_ever()))
    left.run_until_complete(asyncio.sleep(0))
    assert second.run_until_complete(is_cut(limit)) >= SOON - TICK
    going_on = second.create_task(within(limit, wait_for_ever()))
    second.run_until_complete(asyncio.sleep(0))
    left.run_until_complete(is_cut(TimeLimit(2 * SOON)))  # longer than the timer that is still set here
    assert not forgotten.done()
    assert not going_on.cancelling()
    for loop, task in ((left, forgotten), (second, going_on)):
        task.cancel()
        loop.run_until_complete(asyncio.wait([task]))
        loop.close()


@pytest.mark.anyio
async def test_it_is_for_tasks() -> None:
    told: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    def outside() -> None:
        try:
            with TimeLimit(NEVER).kept():
                told.set_result("no objection")
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test must learn of it
            told.set_result(fault)

    asyncio.get_running_loop().call_soon(outside)
    assert isinstance(await told, RuntimeError)
