"""Partners and keys: who may call, with which keys, for which accounts; the platform's own key."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.exceptions import HTTPException

from dstore import partners
from dstore.clock import from_milliseconds
from dstore.console.audit import NO_STORE
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.console.visits import Notice
from dstore.partners import PartnerError
from dstore.protocol import keys
from dstore.protocol.keys import UnreadableKeyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from dstore.console.visits import Desk, Visit
    from dstore.storage.port import Reading

HOME = "/console/partners"
LONGEST_KEY = 8_000
MOST_ACCOUNTS = 200


class Key(NamedTuple):
    """A partner's key; moments in milliseconds, `revoked` is None as long as it is valid."""

    version: int
    created: int
    revoked: int | None
    pem: str
    bits: int


class Line(NamedTuple):
    """A partner in the list."""

    id: int
    client_id: str
    name: str
    active: bool
    keys: int
    stores: int
    rate: int | None


async def show(visit: Visit) -> Response:
    """List the partners, and show the platform's own key."""
    lines = await visit.read(_lines)
    ring = await visit.read(partners.read_ring)
    public = ring.platform.key.public_key()
    chosen = visit.platform.settings
    return visit.page(
        "console/partners.html",
        lines=lines,
        version=ring.platform.version,
        pem=keys.public_pem(public),
        base64=keys.public_base64(public),
        rates={"address": chosen.address_rate, "partner": chosen.partner_rate, "burst": chosen.burst_seconds},
        body_limit=chosen.body_limit,
        accounts=chosen.accounts,
    )


def _lines(reading: Reading) -> list[Line]:
    rows = reading.rows(
        "select p.id, p.client_id, p.name, p.active,"
        " (select count(*) from partner_key k where k.partner_id = p.id and k.revoked is null),"
        " (select count(*) from store s where s.partner_id = p.id and s.feed <> 'shelf' and s.deleted = 0),"
        " p.rate from partner p order by p.client_id"
    )
    return [Line(row[0], row[1], row[2], bool(row[3]), row[4], row[5], row[6]) for row in rows]


async def detail(visit: Visit) -> Response:
    """Show a partner: its keys, its accounts, its stores."""
    partner_id = _partner_id(visit)
    found = await visit.read(lambda reading: _detail(reading, partner_id))
    if found is None:
        raise HTTPException(404)
    return visit.page("console/partner.html", usual_rate=visit.platform.settings.partner_rate, **found)


def _detail(reading: Reading, partner_id: int) -> dict[str, Any] | None:
    line = next((one for one in _lines(reading) if one.id == partner_id), None)
    if line is None:
        return None
    rows = reading.rows(
        "select version, created, revoked, public_key from partner_key where partner_id = ? order by version desc",
        (partner_id,),
    )
    accounts = reading.rows(
        "select a.pos_account_id, (select count(*) from store s where s.partner_id = a.partner_id and s.feed = 'pos'"
        " and s.account = a.pos_account_id) from account a where a.partner_id = ? order by a.pos_account_id limit ?",
        (partner_id, MOST_ACCOUNTS),
    )
    held = [Key(row[0], row[1], row[2], row[3], keys.read_public_key(row[3]).key_size) for row in rows]
    return {"partner": line, "keys": held, "accounts": accounts}


async def add(visit: Visit) -> Response:
    """Add a partner with its first key."""
    client_id, name = visit.field("client_id"), visit.field("name")
    if not (client_id and client_id.isascii() and client_id.isprintable() and " " not in client_id):
        return visit.go(HOME, _bad(visit.say("A client-id is made of printable ASCII characters without blanks.")))

    def job(desk: Desk) -> int:
        if desk.transaction.row("select 1 from partner where client_id = ?", (client_id,)) is not None:
            raise PartnerError(f"there is a partner {client_id} already")
        partners.add_partner(
            desk.transaction, name or client_id, client_id, visit.field("key", LONGEST_KEY), from_milliseconds(desk.now)
        )
        desk.note(NO_STORE, "add partner", partner=client_id)
        row = desk.transaction.row("select id from partner where client_id = ?", (client_id,))
        return int(row[0]) if row else 0

    return await _done(visit, job, HOME, visit.say("The partner may call now."))


async def add_key(visit: Visit) -> Response:
    """Register a further key of a partner; the others stay valid."""
    text = visit.field("key", LONGEST_KEY)

    def job(desk: Desk, client_id: str) -> None:
        version = partners.add_partner(desk.transaction, client_id, client_id, text, from_milliseconds(desk.now))
        desk.note(NO_STORE, "add key", partner=client_id, version=version)

    return await _change(visit, job, visit.say("The key is valid now; the others still are."))


async def revoke(visit: Visit) -> Response:
    """Make a key invalid at once."""
    version = visit.field("version", 9)

    def job(desk: Desk, client_id: str) -> None:
        partners.revoke_key(
            desk.transaction, client_id, int(version) if version.isdecimal() else 0, from_milliseconds(desk.now)
        )
        desk.note(NO_STORE, "revoke key", partner=client_id, version=version)

    return await _change(visit, job, visit.say("The key is revoked; calls signed with it are refused from now on."))


async def switch(visit: Visit) -> Response:
    """Keep a partner out, or let it in again."""
    active = visit.field("active") == "1"

    def job(desk: Desk, client_id: str) -> None:
        partners.set_active(desk.transaction, client_id, active=active)
        desk.note(NO_STORE, "enable partner" if active else "disable partner", partner=client_id)

    text = visit.say("The partner may call again.") if active else visit.say("The partner is kept out.")
    address = f"{HOME}/{visit.request.path_params['partner']}/active"
    return await _change(visit, job, text, undo=(address, {"active": "0" if active else "1"}))


async def bind(visit: Visit) -> Response:
    """Give an account to a partner before anybody uses it."""
    account = visit.field("account")

    def job(desk: Desk, client_id: str) -> None:
        if not account:
            raise PartnerError("name an account")
        partners.grant_account(desk.transaction, client_id, account)
        desk.note(NO_STORE, "bind account", partner=client_id, account=account)

    return await _change(visit, job, visit.say("The account belongs to this partner."))


async def limit(visit: Visit) -> Response:
    """Let a partner make more or fewer calls a second than the setting says."""
    given = visit.field("rate", 9)

    def job(desk: Desk, client_id: str) -> None:
        if given and not given.isdecimal():
            raise PartnerError("name a whole number of calls a second")
        partners.set_rate(desk.transaction, client_id, int(given) if given else None)
        desk.note(NO_STORE, "limit partner", partner=client_id, rate=given)

    return await _change(visit, job, visit.say("The limit holds in every process within two seconds."))


async def rotate(visit: Visit) -> Response:
    """Give the platform a new signing key."""
    # Making a key takes a tenth of a second: not in the transaction.
    key = await asyncio.to_thread(keys.new_private_key)

    def job(desk: Desk) -> None:
        version = partners.put_platform_key(desk.transaction, key, from_milliseconds(desk.now))
        desk.note(NO_STORE, "rotate the platform's key", version=version)

    return await _done(visit, job, HOME, visit.say("Answers are signed with the new key from now on; give it to the partners."))  # fmt: skip


def _partner_id(visit: Visit) -> int:
    given = visit.request.path_params["partner"]
    if not given.isdecimal() or len(given) > 9:  # noqa: PLR2004 - an id is a 32-bit number
        raise HTTPException(404)
    return int(given)


async def _change(
    visit: Visit, job: Callable[[Desk, str], None], text: str, undo: tuple[str, dict[str, str]] = ("", {})
) -> Response:
    """Change a partner and go back to its page."""
    partner_id = _partner_id(visit)

    def changed(desk: Desk) -> None:
        row = desk.transaction.row("select client_id from partner where id = ?", (partner_id,))
        if row is None:
            raise HTTPException(404)
        job(desk, row[0])

    return await _done(visit, changed, f"{HOME}/{partner_id}", text, undo)


async def _done(
    visit: Visit, job: Callable[[Desk], Any], back: str, text: str, undo: tuple[str, dict[str, str]] = ("", {})
) -> Response:
    """Do a job and say so, or say why it can't be done."""
    try:
        await visit.write(job)
    except (PartnerError, UnreadableKeyError) as fault:
        return visit.go(back, _bad(visit.say("This did not work: %(why)s", why=str(fault))))
    return visit.go(back, Notice(text, undo=undo[0], fields=undo[1]))


def _bad(text: str) -> Notice:
    return Notice(text, tone="bad")


PAGES = [
    Page(HOME, Action.MANAGE_PARTNERS, show),
    Page(HOME, Action.MANAGE_PARTNERS, add, "POST"),
    Page(f"{HOME}/platform-key", Action.MANAGE_PARTNERS, rotate, "POST"),
    Page(f"{HOME}/{{partner}}", Action.MANAGE_PARTNERS, detail),
    Page(f"{HOME}/{{partner}}/keys", Action.MANAGE_PARTNERS, add_key, "POST"),
    Page(f"{HOME}/{{partner}}/revoke", Action.MANAGE_PARTNERS, revoke, "POST"),
    Page(f"{HOME}/{{partner}}/active", Action.MANAGE_PARTNERS, switch, "POST"),
    Page(f"{HOME}/{{partner}}/rate", Action.MANAGE_PARTNERS, limit, "POST"),
    Page(f"{HOME}/{{partner}}/accounts", Action.MANAGE_PARTNERS, bind, "POST"),
]
