"""What the rest of the program may ask of a database: short transactions and short reads.

SQL is written once, with `?` for parameters, in the subset that SQLite and PostgreSQL share. What differs
between the two lives in `sqlite.py` and `postgres.py` and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from dstore.results import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence

T = TypeVar("T")
Row = tuple[Any, ...]
Query = tuple[str, "Sequence[Any]"]
"""A statement and its parameters."""


class StorageUnavailableError(UnavailableError):
    """The database did not do its work: away, locked, full or broken. Nothing was applied, or it is not known."""


class Reading(Protocol):
    """Statements that only look."""

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return all rows."""
        ...

    def row(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        ...

    def each(self, *queries: Query) -> list[list[Row]]:
        """Return the rows of several statements, asked together: none depends on what another one finds."""
        ...


class Transaction(Reading, Protocol):
    """An open transaction; whoever opened it commits."""

    FOR_UPDATE: str
    """What a SELECT ends with to hold its rows until the commit; empty where there is one writer anyway."""

    SKIP_LOCKED: str
    """What a SELECT ends with to hold its first row, passing over rows that others hold; empty likewise."""

    def foresee(self, sql: str, params: Sequence[Any] = ()) -> None:
        """Say that `rows`, `row` or `each` will be asked just this, so that it can travel with what is asked before it.

        What is found is as of now: nothing that it depends on may be written in between.
        """
        ...

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Execute one statement; return how many rows it changed."""
        ...

    def put(self, sql: str, params: Sequence[Any] = ()) -> None:
        """Execute one statement of which nobody needs to know more; a fault shows at the commit at the latest."""
        ...

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Execute one statement for each row; return how many rows were changed in all."""
        ...

    def change_each(self, sql: str, rows: Iterable[Sequence[Any]]) -> bool:
        """Execute one statement for each row, each to change one row of a table; return whether all did.

        A database may take it that they will, and find out with what is waited for next: then the job is run again
        and told.
        """
        ...

    def put_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for each row, of which nobody needs to know more, as `put` does."""
        ...

    def load(
        self,
        table: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        shared: Mapping[str, Any] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Insert many new rows in the quickest way the database has; `shared` are columns that have one value in all.

        `meanwhile` is done while the database has the rows and this process would wait, or before if it would not.
        """
        ...

    def attempt(self, work: Callable[[], T]) -> T:
        """Run `work` under a savepoint: an exception undoes what it wrote and passes on."""
        ...


class Database(Protocol):
    """A database: opened once in each process."""

    @property
    def loads_beside(self) -> bool:
        """Whether many rows are taken by another process, so that this one can do something meanwhile."""
        ...

    def transact(self, job: Callable[[Transaction], T], turn: Hashable | None = None) -> Awaitable[T]:
        """Run a short `job` in a transaction of its own and commit durably before the result is given out.

        It may run on the event loop, where jobs of one `turn` come one after another: they would wait for the same
        lock. Raises StorageUnavailableError when it can not be done in time; an exception of the job rolls back.
        """
        ...

    def transact_long(self, job: Callable[[Transaction], T]) -> Awaitable[T]:
        """Do the same with a job that may take its time: never on the event loop."""
        ...

    def transact_now(self, job: Callable[[Transaction], T]) -> T:
        """Do the same from a thread that may wait."""
        ...

    def peek(self, sql: str, params: Sequence[Any] = ()) -> Awaitable[Row | None]:
        """Return the first row of one statement by itself: the cheapest look there is."""
        ...

    def rows_now(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of one statement by itself, to a thread that may wait."""
        ...

    def commits(self) -> int | None:
        """Return a number that another one has followed if anybody has committed anything since; on the event loop.

        It holds for all that runs in one turn of the loop. None where that can't be told without asking a server.
        Raises StorageUnavailableError.
        """
        ...

    def read(self, query: Callable[[Reading], T]) -> Awaitable[T]:
        """Run a short `query` on a consistent view of what is committed; it may run on the event loop."""
        ...

    def read_long(self, query: Callable[[Reading], T]) -> Awaitable[T]:
        """Do the same with a query that may take its time: never on the event loop."""
        ...

    def read_now(self, query: Callable[[Reading], T]) -> T:
        """Do the same from a thread that may wait."""
        ...

    def close(self) -> None:
        """Finish what is queued and let go of the database."""
        ...
