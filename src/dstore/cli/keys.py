"""`dstore key …`: making key pairs, showing and rotating the platform's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from dstore import partners
from dstore.cli.opening import DatabaseUrl, opened
from dstore.clock import SystemClock
from dstore.protocol import keys

group = App(name="key", help="Key pairs, and the platform's own key.")


@group.command
def new(
    file: Annotated[Path, Parameter(help="Where the private key goes; the public one goes beside it as FILE.pub.")],
) -> None:
    """Make a key pair of RSA 2,048 bits: FILE (PKCS#8 PEM, readable by its owner only) and FILE.pub (PEM)."""
    key = keys.new_private_key()
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        out.write(keys.private_pem(key))
    public = file.with_name(file.name + ".pub")
    public.write_text(keys.public_pem(key.public_key()), encoding="utf-8")
    print(f"private key: {file}\npublic key:  {public}")


@group.command
def show(*, database: DatabaseUrl = None) -> None:
    """Print the platform's public key, as PEM and as bare base64: partners verify our answers with it."""
    with opened(database) as open_:
        ring = open_.read_now(partners.read_ring)
    public = ring.platform.key.public_key()
    print(f"key version {ring.platform.version}\n\n{keys.public_pem(public)}\n{keys.public_base64(public)}")


@group.command
def rotate(*, database: DatabaseUrl = None) -> None:
    """Give the platform a new signing key; answers name the new version from now on."""
    with opened(database) as open_:
        version = open_.transact_now(lambda transaction: partners.rotate_platform_key(transaction, SystemClock().now()))
    print(f"the platform signs with key version {version} now; give partners `dstore key show`")
