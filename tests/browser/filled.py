"""A server that has something to show as soon as it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from dstore.storage.opening import open_database
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Filled(Server):
    """A server that is filled as it starts; `ids` are the public ids of its stores, by their partners' own."""

    ids: dict[str, str]

    def __enter__(self) -> Self:
        super().__enter__()
        try:
            self.fill()
            sql = "select ref, public_id from store where feed <> 'shelf'"
            self.ids = dict(self.transact(lambda one: one.rows(sql)))
        except BaseException:
            self.close()
            raise
        return self

    def fill(self) -> None:
        """Feed it, and let people in."""
        raise NotImplementedError

    def feed(self, feeds: Iterable[tuple[str, str, Any]]) -> None:
        """Make signed calls (title, path, body) that all succeed."""
        for title, path, body in feeds:
            answer = self.call(path, body)
            assert answer.code == "SUCCESS", f"{title}: {answer.message}"

    def transact(self, job: Callable[[Any], Any]) -> Any:
        """Run a job in a transaction beside the server, as another process would."""
        database = open_database(self.url)
        try:
            return database.transact_now(job)
        finally:
            database.close()

    @property
    def origin(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"
