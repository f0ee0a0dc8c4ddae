"""Partners, their keys, and the platform's own: kept in the database, cached in each process.

Every change raises the mark `partners`; a call's transaction compares it with the mark its caller was
authenticated under, so that a revocation holds at once in every process.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from dstore.clock import milliseconds
from dstore.mendable import MendableError
from dstore.protocol import keys
from dstore.protocol.signing import PlatformKey

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

    from dstore.storage.port import Database, Reading, Transaction


MOST_RATE = 1_000_000


class PartnerError(MendableError):
    """What the operator asked for can not be done; the text says why."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as the door needs it: valid keys by version, and calls a second if not those of the setting."""

    id: int
    client_id: str
    name: str
    active: bool
    keys: dict[int, RSAPublicKey]
    rate: int | None = None

    def key(self, version: int | None) -> RSAPublicKey | None:
        """Return the key of a version, or the newest when none is named."""
        if version is None:
            return self.keys[max(self.keys)] if self.keys else None
        return self.keys.get(version)


@dataclass(frozen=True, slots=True)
class Ring:
    """Everything cached, as of one mark."""

    mark: int
    partners: dict[str, Partner]
    platform: PlatformKey


class Partners:
    """The cached ring of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.ring = database.read_now(read_ring)

    async def refresh(self) -> bool:
        """Load the ring again if it changed; return whether it did."""
        if await self._database.read(read_mark) == self.ring.mark:
            return False
        self.ring = await self._database.read_long(read_ring)
        return True


# Reading the platform's key takes longer than many calls: a change of one partner must not cost it again.
_public_key = lru_cache(maxsize=10_000)(keys.read_public_key)
_private_key = lru_cache(maxsize=8)(keys.read_private_key)


def read_mark(reading: Reading) -> int:
    """Return the mark that every change of partners and keys raises."""
    row = reading.row("select value from mark where name = 'partners'")
    return int(row[0]) if row else 0


def read_ring(reading: Reading) -> Ring:
    """Read all partners with their valid keys, and the platform's newest key."""
    ring_keys: dict[int, dict[int, RSAPublicKey]] = {}
    for partner_id, version, text in reading.rows(
        "select partner_id, version, public_key from partner_key where revoked is null"
    ):
        ring_keys.setdefault(partner_id, {})[version] = _public_key(text)
    partners = {
        client_id: Partner(partner_id, client_id, name, bool(active), ring_keys.get(partner_id, {}), rate)
        for partner_id, client_id, name, active, rate in reading.rows(
            "select id, client_id, name, active, rate from partner"
        )
    }
    row = reading.row("select version, private_key from platform_key order by version desc")
    if row is None:
        raise PartnerError("the platform has no key yet; run `dstore migrate`")
    return Ring(read_mark(reading), partners, PlatformKey(int(row[0]), _private_key(row[1])))


def platform_keys(reading: Reading) -> dict[int, PlatformKey]:
    """Return every key that the platform signs or signed with, by version."""
    rows = reading.rows("select version, private_key from platform_key")
    return {int(version): PlatformKey(int(version), _private_key(text)) for version, text in rows}


# What the operator does.


def add_partner(transaction: Transaction, name: str, client_id: str, public_key: str, now: datetime) -> int:
    """Add a partner, or a further key to one that exists; return the key's version."""
    text = keys.public_pem(keys.read_public_key(public_key))
    transaction.run(
        "insert into partner (client_id, name, created) values (?, ?, ?) on conflict (client_id) do nothing",
        (client_id, name, milliseconds(now)),
    )
    partner_id = _partner_id(transaction, client_id)
    row = transaction.row("select coalesce(max(version), 0) from partner_key where partner_id = ?", (partner_id,))
    version = int(row[0]) + 1 if row else 1
    transaction.run(
        "insert into partner_key (partner_id, version, public_key, created) values (?, ?, ?, ?)",
        (partner_id, version, text, milliseconds(now)),
    )
    _raise_mark(transaction)
    return version


def revoke_key(transaction: Transaction, client_id: str, version: int, now: datetime) -> None:
    """Make a partner's key invalid at once."""
    partner_id = _partner_id(transaction, client_id)
    changed = transaction.run(
        "update partner_key set revoked = ? where partner_id = ? and version = ? and revoked is null",
        (milliseconds(now), partner_id, version),
    )
    if not changed:
        raise PartnerError(f"{client_id} has no valid key of version {version}")
    _raise_mark(transaction)


def set_active(transaction: Transaction, client_id: str, *, active: bool) -> None:
    """Let a partner in, or keep it out."""
    partner_id = _partner_id(transaction, client_id)
    transaction.run("update partner set active = ? where id = ?", (int(active), partner_id))
    _raise_mark(transaction)


def set_rate(transaction: Transaction, client_id: str, rate: int | None) -> None:
    """Let a partner make so many calls a second; None: as many as the setting says, 0: no limit."""
    if rate is not None and not 0 <= rate <= MOST_RATE:
        raise PartnerError(f"a rate is a number of calls a second, 0 to {MOST_RATE:,}")
    partner_id = _partner_id(transaction, client_id)
    transaction.run("update partner set rate = ? where id = ?", (rate, partner_id))
    _raise_mark(transaction)


def grant_account(transaction: Transaction, client_id: str, account: str) -> None:
    """Give a posAccountId to a partner, before any other has used it."""
    partner_id = _partner_id(transaction, client_id)
    transaction.run(
        "insert into account (pos_account_id, partner_id) values (?, ?) on conflict do nothing", (account, partner_id)
    )
    row = transaction.row("select partner_id from account where pos_account_id = ?", (account,))
    if row is None or row[0] != partner_id:
        raise PartnerError(f"account {account} belongs to another partner")


def rotate_platform_key(transaction: Transaction, now: datetime) -> int:
    """Give the platform a new signing key; return its version. Answers carry the version that signed them."""
    return put_platform_key(transaction, keys.new_private_key(), now)


def put_platform_key(transaction: Transaction, key: RSAPrivateKey, now: datetime) -> int:
    """Let the platform sign with a key from now on; return its version."""
    row = transaction.row("select coalesce(max(version), 0) from platform_key")
    version = int(row[0]) + 1 if row else 1
    transaction.run(
        "insert into platform_key (version, private_key, created) values (?, ?, ?)",
        (version, keys.private_pem(key), milliseconds(now)),
    )
    _raise_mark(transaction)
    return version


def ensure_platform_key(transaction: Transaction, now: datetime) -> None:
    """Make the platform's first key if it has none."""
    if transaction.row("select 1 from platform_key") is None:
        rotate_platform_key(transaction, now)


def _partner_id(transaction: Transaction, client_id: str) -> int:
    row = transaction.row("select id from partner where client_id = ?", (client_id,))
    if row is None:
        raise PartnerError(f"no partner has client-id {client_id}")
    return int(row[0])


def _raise_mark(transaction: Transaction) -> None:
    transaction.run("update mark set value = value + 1 where name = 'partners'")
