"""What a merchant sets for a store: hours, services, closings, notices, tables; one document in the words of the rules."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog import stores
from dstore.vocabulary.fnb import Money, PickUpRule, TimePeriod
from dstore.vocabulary.scenes import DeliveryTier, DineInOrder, Schedule

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.catalog.stores import Writing
    from dstore.storage.port import Reading

ServiceName = Literal["DINEIN", "PICKUP", "DELIVERY"]
SERVICES: tuple[ServiceName, ...] = ("DINEIN", "PICKUP", "DELIVERY")
MOST_EXCEPTIONS = 60
MOST_PICTURES = 6
MOST_TABLES = 300


class Closing(msgspec.Struct, rename="camel", omit_defaults=True):
    """The store takes no orders from a moment on, until another (ISO 8601) or until somebody opens it."""

    since: str
    reason: str = ""
    until: str | UnsetType = UNSET


class DayException(msgspec.Struct, rename="camel", omit_defaults=True):
    """A date on which other hours hold, whatever the weekday; no periods: closed."""

    date: str
    name: str = ""
    periods: list[TimePeriod] = []


class StoreSettings(msgspec.Struct, rename="camel", omit_defaults=True):
    """The document. Hours are weekly `Schedule`s; a service without hours of its own has the store's."""

    hours: Schedule | UnsetType = UNSET
    exceptions: list[DayException] = []
    closing: Closing | UnsetType = UNSET
    services: tuple[ServiceName, ...] = ("DINEIN", "PICKUP")
    service_hours: dict[ServiceName, Schedule] = {}
    pick_up_rule: PickUpRule | UnsetType = UNSET
    pick_up_minimum: Money | UnsetType = UNSET
    dine_in: DineInOrder | UnsetType = UNSET
    delivery_tiers: list[DeliveryTier] = []
    announcement: str = ""
    description: str = ""
    pictures: list[str] = []
    language: str = ""
    tables: list[str] = []


class Kept(NamedTuple):
    """A store's document and the number of its last change; revision 0 where nothing was ever set."""

    revision: int
    settings: StoreSettings


class StaleSettingsError(Exception):
    """The settings were changed again meanwhile."""


_decode = msgspec.json.Decoder(StoreSettings).decode
NOTHING = b"{}"


@lru_cache(maxsize=2048)
def read(doc: bytes) -> StoreSettings:
    """Return a stored document; the same bytes give the same object, which is only to be read."""
    return _decode(doc)


def stored(reading: Reading, public_id: str) -> bytes:
    """Return the document of the store with a public id as it is stored; an empty one where nothing is set."""
    row = reading.row(
        "select m.doc from merchant_settings m join store s on s.id = m.store_id where s.public_id = ?", (public_id,)
    )
    return NOTHING if row is None else bytes(row[0])


def of_stores(reading: Reading, first: str, last: str) -> dict[str, bytes]:
    """Return the documents of all stores between two public ids, by these."""
    rows = reading.rows(
        "select s.public_id, m.doc from merchant_settings m join store s on s.id = m.store_id"
        " where s.public_id between ? and ?",
        (first, last),
    )
    return {public_id: bytes(doc) for public_id, doc in rows}


def kept(reading: Reading, store_id: int) -> Kept:
    """Return a store's settings, to be looked at or changed."""
    row = reading.row("select revision, doc from merchant_settings where store_id = ?", (store_id,))
    return Kept(0, StoreSettings()) if row is None else Kept(int(row[0]), _decode(bytes(row[1])))


def edit(desk: Writing, store_id: int, change: Callable[[StoreSettings], None], login: str) -> int:
    """Change a store's settings as they are now, with a new version of the store; return the new revision."""
    store = stores.hold(desk, store_id)
    revision, settings = kept(desk.transaction, store_id)
    before = msgspec.json.encode(settings)
    change(settings)
    desk.transaction.run(
        "insert into merchant_settings (store_id, revision, at, login, doc, previous) values (?, ?, ?, ?, ?, ?)"
        " on conflict (store_id) do update set revision = excluded.revision, at = excluded.at, login = excluded.login,"
        " doc = excluded.doc, previous = excluded.previous",
        (store_id, revision + 1, desk.now, login, msgspec.json.encode(settings), before),
    )
    stores.change(desk, store)
    return revision + 1


def undo(desk: Writing, store_id: int, revision: int, login: str) -> None:
    """Take the last change back, with a new version; StaleSettingsError when it is not the one of `revision` any more."""
    store = stores.hold(desk, store_id)
    done = desk.transaction.run(
        "update merchant_settings set doc = previous, previous = doc, revision = revision + 1, at = ?, login = ?"
        " where store_id = ? and revision = ?",
        (desk.now, login, store_id, revision),
    )
    if not done:
        raise StaleSettingsError
    stores.change(desk, store)
