"""Which stores a user may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from dstore.console.roles import Role

if TYPE_CHECKING:
    from dstore.console.accounts import User
    from dstore.storage.port import Reading, Row

PAGE = 60
_FIELDS = "s.id, s.public_id, s.feed, s.partner_id, s.account, s.ref, s.tree, s.version, s.changed, s.doc"
_LIVING = "s.feed <> 'shelf' and s.deleted = 0"
_GIVEN = (
    " and exists (select 1 from console_right r where r.user_id = ? and (r.store_id = s.id or"
    " (s.feed = 'pos' and r.store_id = 0 and r.partner_id = s.partner_id and r.account = s.account)))"
)


class _Named(msgspec.Struct):
    name: str


_read_name = msgspec.json.Decoder(_Named).decode


@dataclass(frozen=True, slots=True)
class StoreLine:
    """A store as the Console's pages know it; `doc` is its own document as JSON."""

    id: int
    public_id: str
    feed: str
    partner_id: int
    account: str
    ref: str
    tree: int
    version: int
    changed: int
    doc: bytes

    @property
    def name(self) -> str:
        """The store's name."""
        return _read_name(self.doc).name

    @property
    def is_pos(self) -> bool:
        """Whether a POS feeds it, so that its merchant builds its menu."""
        return self.feed == "pos"

    @property
    def path(self) -> str:
        """Where its pages begin."""
        return f"/console/stores/{self.public_id}"


def find(reading: Reading, user: User, public_id: str) -> StoreLine | None:
    """Return a store the user may see; None is also the answer for one of somebody else."""
    where, params = _seen_by(user)
    row = reading.row(
        f"select {_FIELDS} from store s where s.public_id = ? and {_LIVING}{where}",
        (public_id.replace("\0", ""), *params),
    )
    return None if row is None else _line(row)


def visible(reading: Reading, user: User, after: str = "") -> list[StoreLine]:
    """Return up to `PAGE` stores the user may see, in the order of their public ids."""
    where, params = _seen_by(user)
    rows = reading.rows(
        f"select {_FIELDS} from store s where s.public_id > ? and {_LIVING}{where} order by s.public_id limit ?",
        (after.replace("\0", ""), *params, PAGE),
    )
    return [_line(row) for row in rows]


def _line(row: Row) -> StoreLine:
    return StoreLine(*(*row[:9], bytes(row[9])))


def _seen_by(user: User) -> tuple[str, tuple[int, ...]]:
    return ("", ()) if user.role is Role.OPERATOR else (_GIVEN, (user.id,))
