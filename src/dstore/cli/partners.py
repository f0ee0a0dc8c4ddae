"""`dstore partner …`: who may call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from dstore import partners
from dstore.cli.opening import DatabaseUrl, opened
from dstore.clock import SystemClock, from_milliseconds

group = App(name="partner", help="Partners and their keys.")

if TYPE_CHECKING:
    from dstore.storage.port import Reading, Row

ClientId = Annotated[str, Parameter(name="--client-id", help="The id the partner sends in the header client-id.")]


@group.command
def add(
    name: str,
    *,
    client_id: ClientId,
    public_key: Annotated[Path, Parameter(help="The partner's public key: PEM or bare base64.")],
    database: DatabaseUrl = None,
) -> None:
    """Add a partner, or another key to one that exists; both keys are valid until one is revoked."""
    text = public_key.read_text(encoding="utf-8")
    with opened(database) as open_:
        version = open_.transact_now(
            lambda transaction: partners.add_partner(transaction, name, client_id, text, SystemClock().now())
        )
    print(f"{client_id}: key version {version} is valid now")


@group.command(name="list")
def show(*, database: DatabaseUrl = None) -> None:
    """List partners and their keys."""

    def query(reading: Reading) -> list[Row]:
        return reading.rows(
            "select p.client_id, p.name, p.active, k.version, k.created, k.revoked from partner p"
            " left join partner_key k on k.partner_id = p.id order by p.client_id, k.version"
        )

    with opened(database) as open_:
        rows = open_.read_now(query)
    table = Table("client-id", "name", "partner", "key", "since", "state")
    for client_id, name, active, version, created, revoked in rows:
        since = "" if created is None else from_milliseconds(created).isoformat(timespec="minutes")
        state = "" if version is None else "revoked" if revoked else "valid"
        table.add_row(client_id, name, "active" if active else "disabled", str(version or ""), since, state)
    Console().print(table)


@group.command
def disable(client_id: str, *, database: DatabaseUrl = None) -> None:
    """Keep a partner out at once, in every process."""
    with opened(database) as open_:
        open_.transact_now(lambda transaction: partners.set_active(transaction, client_id, active=False))
    print(f"{client_id} is disabled")


@group.command
def enable(client_id: str, *, database: DatabaseUrl = None) -> None:
    """Let a disabled partner in again."""
    with opened(database) as open_:
        open_.transact_now(lambda transaction: partners.set_active(transaction, client_id, active=True))
    print(f"{client_id} is active")


@group.command
def grant(client_id: str, account: str, *, database: DatabaseUrl = None) -> None:
    """Give a posAccountId to a partner before anybody uses it; needed where DSTORE_ACCOUNTS=granted."""
    with opened(database) as open_:
        open_.transact_now(lambda transaction: partners.grant_account(transaction, client_id, account))
    print(f"account {account} belongs to {client_id}")


@group.command
def limit(
    client_id: str,
    *,
    rate: Annotated[
        int | None, Parameter(help="Calls a second; 0 is no limit. Left out: as the setting partner_rate says.")
    ] = None,
    database: DatabaseUrl = None,
) -> None:
    """Let a partner make more or fewer calls a second than others, in every process within two seconds."""
    with opened(database) as open_:
        open_.transact_now(lambda transaction: partners.set_rate(transaction, client_id, rate))
    print(
        f"{client_id} may make {'as many calls a second as the setting says' if rate is None else f'{rate:,} calls a second' if rate else 'any number of calls'}"
    )


@group.command
def revoke(client_id: str, version: int, *, database: DatabaseUrl = None) -> None:
    """Make one key of a partner invalid at once, in every process."""
    with opened(database) as open_:
        open_.transact_now(
            lambda transaction: partners.revoke_key(transaction, client_id, version, SystemClock().now())
        )
    print(f"{client_id}: key version {version} is revoked")
