"""Threads for an event loop's waiting work: as many as are needed at once, up to a number."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from dstore.storage.port import StorageUnavailableError
from dstore.storage.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def workers() -> Iterator[Workers]:
    """At most four threads."""
    one = Workers(4, "tested")
    yield one
    one.close()


async def test_jobs_one_after_the_other_are_done_by_one_thread(workers: Workers) -> None:
    assert len({await workers.take(threading.get_ident) for _ in range(50)}) == 1


async def test_jobs_that_wait_for_each_other_have_a_thread_each(workers: Workers) -> None:
    meeting = threading.Barrier(4)

    def meet() -> int:
        meeting.wait(timeout=10)
        return threading.get_ident()

    for _ in range(3):
        assert len(set(await asyncio.gather(*(workers.take(meet) for _ in range(4))))) == 4


async def test_more_jobs_than_threads_are_all_done(workers: Workers) -> None:
    threads = await asyncio.gather(*(workers.take(threading.get_ident) for _ in range(200)))
    assert (len(threads), len(set(threads)) <= 4) == (200, True)


async def test_a_job_that_fails_leaves_its_thread_free_for_the_next(workers: Workers) -> None:
    def fail() -> None:
        raise ValueError("of the job's own")

    for _ in range(10):
        with pytest.raises(ValueError, match="of the job's own"):
            await workers.take(fail)
    assert len({await workers.take(threading.get_ident) for _ in range(10)}) == 1


@pytest.mark.parametrize("jobs_before", [0, 1])
async def test_a_job_that_comes_when_all_is_closed_is_refused(workers: Workers, jobs_before: int) -> None:
    for _ in range(jobs_before):
        await workers.take(threading.get_ident)
    late = workers.take(threading.get_ident)  # it is handed over at the end of this turn
    workers.close()
    for job in (late, workers.take(threading.get_ident)):
        with pytest.raises(StorageUnavailableError, match="closed"):
            await job
