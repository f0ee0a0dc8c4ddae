"""One call, one transaction: who asks, what was given before, the change, the result. Only this module commits calls."""

from __future__ import annotations

import asyncio
import threading
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from dstore.ahead import Ahead
from dstore.clock import from_milliseconds, milliseconds
from dstore.packing import packed, unpacked
from dstore.partners import read_mark
from dstore.protocol.calls import Call, Outcome, StaleCallerError
from dstore.protocol.envelope import Caller
from dstore.results import ACCEPTED, SUCCESS, Code, ParamIllegal, Refusal, Result, Unfit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dstore.protocol.api import Change
    from dstore.settings import Settings
    from dstore.storage.port import Database, Reading, Row, Transaction


_GIVEN = "select code, message, body_hash, at from given where partner_id = ? and api = ? and request_id = ?"


class Work:
    """An open transaction on behalf of a call; changes write through it.

    `stores` collects the stores that are touched: the version each was given, or 0 as long as it got none.
    """

    __slots__ = ("call", "may_claim", "now", "stores", "transaction")

    def __init__(self, transaction: Transaction, call: Call, *, may_claim: bool) -> None:
        self.transaction = transaction
        self.call = call
        self.may_claim = may_claim
        self.now = milliseconds(call.now)
        self.stores: dict[int, int] = {}

    @property
    def partner_id(self) -> int:
        """The partner on whose behalf the work is done."""
        return self.call.caller.partner_id

    def record(self, store_id: int, version: int, what: dict[str, Any]) -> None:
        """Write a row of the store's history."""
        call = self.call
        self.stores[store_id] = version
        self.transaction.put(
            "insert into history (store_id, version, at, partner_id, api, request_id, request_time, what)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                store_id, version, self.now, self.partner_id, call.api,
                "" if call.is_copy_key else call.request_id, call.request_time, msgspec.json.encode(what),
            ),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Accepted:
    """A call that was answered A and is not done."""

    call: Call
    body: bytes


class _GivenError(Exception):
    """The call was given its outcome before."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class Works:
    """Performs calls against a database, each once."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._copy_milliseconds = settings.copy_seconds * 1000
        self._may_claim = settings.accounts == "first"
        self._refuse_changed = settings.once_changed_body == "refuse"
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Have calls that are still being prepared end without an effect: the process is ending."""
        self._stopping.set()

    async def perform(self, call: Call, change: Change) -> Outcome:
        """Apply the change and remember the result in one transaction, or return the result given before.

        Raises StaleCallerError and StorageUnavailableError; nothing is applied then, or it is not known.
        """

        def apply(transaction: Transaction) -> Outcome:
            return self._apply(transaction, call, change)

        try:
            if not change.is_short:
                return await self._database.transact_long(apply)
            # Others of this process would only wait for its store's lock, each holding a connection meanwhile.
            turn = None if change.home is None else (call.caller.partner_id, change.home)
            return await self._database.transact(apply, turn)
        except Refusal as refusal:
            result = refusal.result
        # The refused change is rolled back; its result must outlive that, so it has a transaction of its own.
        return await self._database.transact(lambda transaction: self._remember(transaction, call, result))

    def perform_now(self, call: Call, change: Change, expect: Callable[[Outcome], None]) -> Outcome:
        """Prepare and do the same on this thread, which may wait.

        `expect` is told what the outcome is if the commit succeeds.
        """
        try:
            change.prepare(Ahead(self._database, self._stopping, lambda: self._look(call)), call.caller)
        except _GivenError as given:
            return given.outcome

        def apply(transaction: Transaction) -> Outcome:
            outcome = self._apply(transaction, call, change)
            expect(outcome)
            return outcome

        try:
            return self._database.transact_now(apply)
        except Unfit as unfit:
            raise unfit.refusal from None
        except Refusal as refusal:
            result = refusal.result
        return self._database.transact_now(lambda transaction: self._remember(transaction, call, result))

    async def accept(self, call: Call, body: bytes) -> Outcome:
        """Keep a call with its body and the result A in one transaction, or return the result given before.

        Raises the same as `perform`.
        """
        given = await self._database.read(lambda reading: self._given(reading, call))
        if given is not None:
            return given
        kept = await asyncio.to_thread(packed, body)
        return await self._database.transact(lambda transaction: self._keep(transaction, call, kept))

    def take_up(self, name: str, now: datetime) -> Accepted | None:
        """Return an accepted call by its name, as of a moment; None when it is done. For a thread that may wait."""
        row = self._database.read_now(
            lambda reading: reading.row(
                "select a.partner_id, p.client_id, a.api, a.request_id, g.body_hash, a.request_time, a.body"
                " from accepted a join partner p on p.id = a.partner_id join given g"
                " on g.partner_id = a.partner_id and g.api = a.api and g.request_id = a.request_id where a.name = ?",
                (name,),
            )
        )
        if row is None:
            return None
        caller = Caller(row[0], row[1], 0)
        call = Call(caller, row[2], row[3], is_copy_key=False, body_hash=bytes(row[4]), request_time=row[5], now=now)
        return Accepted(call, unpacked(row[6]))

    def finish(self, name: str, call: Call, change: Change) -> bool:
        """Apply an accepted call's change and make S its result for ever; return False when that was done before.

        Raises the change's Refusal with nothing applied, and UnavailableError. For a thread that may wait.
        """

        def apply(transaction: Transaction) -> bool:
            if not self._settle(transaction, name, call, SUCCESS):
                return False
            change.apply(Work(transaction, call, may_claim=self._may_claim))
            return True

        try:
            return self._database.transact_now(apply)
        except Unfit as unfit:
            raise unfit.refusal from None

    def refuse(self, name: str, call: Call, result: Result) -> bool:
        """Make F an accepted call's result for ever; return False when it has one. For a thread that may wait."""
        return self._database.transact_now(lambda transaction: self._settle(transaction, name, call, result))

    def _look(self, call: Call) -> None:
        """Write nothing ahead for a call that has its result."""
        given = self._database.read_now(lambda reading: self._given(reading, call))
        if given is not None:
            raise _GivenError(given)

    def _given(self, reading: Reading, call: Call) -> Outcome | None:
        if read_mark(reading) != call.caller.mark:
            raise StaleCallerError
        given = reading.row(_GIVEN, _key(call))
        return None if given is None else self._replay(call, given)

    def _keep(self, transaction: Transaction, call: Call, body: bytes) -> Outcome:
        given = self._enter(transaction, call, ACCEPTED)
        if given is not None:
            return given
        transaction.put(
            "insert into accepted (name, partner_id, api, request_id, request_time, at, body)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (uuid.uuid4().hex, *_key(call), call.request_time, milliseconds(call.now), body),
        )
        return Outcome(ACCEPTED)

    @staticmethod
    def _settle(transaction: Transaction, name: str, call: Call, result: Result) -> bool:
        """Put the final result in the place of A. Who deletes the row is the one who does the work."""
        if not transaction.run("delete from accepted where name = ?", (name,)):
            return False
        transaction.put(
            "update given set code = ?, message = ? where partner_id = ? and api = ? and request_id = ?",
            (result.code.name, result.message, *_key(call)),
        )
        return True

    def _apply(self, transaction: Transaction, call: Call, change: Change) -> Outcome:
        work = Work(transaction, call, may_claim=self._may_claim)
        change.foresee(work)
        given = self._enter(transaction, call, SUCCESS)
        if given is not None:
            return given
        change.apply(work)
        return Outcome(SUCCESS, stores=tuple(work.stores.items()))

    def _remember(self, transaction: Transaction, call: Call, result: Result) -> Outcome:
        return self._enter(transaction, call, result) or Outcome(result)

    def _enter(self, transaction: Transaction, call: Call, result: Result) -> Outcome | None:
        """Claim the call's key with `result`, or return what was given under it."""
        while not self._claim(transaction, call, result):
            if read_mark(transaction) != call.caller.mark:
                raise StaleCallerError
            given = transaction.row(_GIVEN, _key(call))
            if given is not None and not self._is_expired_copy(call, given):
                return self._replay(call, given)
            # Another copy may put its own result in the place of the expired one first; then that one counts.
            transaction.run(
                "delete from given where partner_id = ? and api = ? and request_id = ? and at <= ?",
                (*_key(call), milliseconds(call.now) - self._copy_milliseconds),
            )
        return None

    @staticmethod
    def _claim(transaction: Transaction, call: Call, result: Result) -> bool:
        """Write the result unless there is one, or the partners changed since the caller was authenticated."""
        claimed = transaction.run(
            "insert into given (partner_id, api, request_id, body_hash, code, message, at)"
            " select ?, ?, ?, ?, ?, ?, ? from mark where name = 'partners' and value = ? on conflict do nothing",
            (
                *_key(call), call.body_hash, result.code.name, result.message, milliseconds(call.now),
                call.caller.mark,
            ),
        )  # fmt: skip
        return claimed == 1

    def _is_expired_copy(self, call: Call, given: Row) -> bool:
        return call.is_copy_key and milliseconds(call.now) - given[3] >= self._copy_milliseconds

    def _replay(self, call: Call, given: Row) -> Outcome:
        changed = bytes(given[2]) != call.body_hash
        if changed and self._refuse_changed:
            since = from_milliseconds(given[3]).isoformat(timespec="seconds")
            refusal = ParamIllegal(f"requestId: was used at {since} with another body; send a new requestId")
            return Outcome(refusal.result, replayed=False, changed_body=True)
        return Outcome(Result(Code[given[0]], given[1]), replayed=True, changed_body=changed)


def _key(call: Call) -> tuple[int, str, str]:
    return (call.caller.partner_id, call.api, call.request_id)
