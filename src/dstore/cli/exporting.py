"""`dstore export` and `dstore import`: a store as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from dstore.cli.opening import DatabaseUrl, opened
from dstore.operations import files
from dstore.operations.files import StoreFile, StoreFileError


def export(
    store: Annotated[str, Parameter(help="The store's public id, or the partner's client-id, a slash and its own id.")],
    /,
    *,
    output: Annotated[Path | None, Parameter(help="File to write; standard output without it.")] = None,
    database: DatabaseUrl = None,
) -> None:
    """Write what a store's partner fed as JSON: its objects as they were sent, deleted ones too, its history."""
    with opened(database) as open_:
        whole = open_.read_now(lambda reading: files.export(reading, files.find(reading, store)))
    text = msgspec.json.encode(whole) + b"\n"
    if output is None:
        sys.stdout.buffer.write(text)
        return
    # Written beside and put in place whole: a disk that fills up leaves no half of a store.
    beside = output.with_name(output.name + ".part")
    beside.write_bytes(text)
    beside.replace(output)
    print(
        f"{whole.public_id}: version {whole.version}, {len(whole.entries):,} entries,"
        f" {len(whole.history):,} changes in {output}"
    )


def restore(
    file: Annotated[
        Path, Parameter(help="File that `dstore export` wrote; - is standard input.", allow_leading_hyphen=True)
    ],
    /,
    *,
    database: DatabaseUrl = None,
) -> None:
    """Make a store of an exported file in a database that has its partner and not the store."""
    text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        one = msgspec.json.decode(text, type=StoreFile)
    except msgspec.MsgspecError as fault:
        raise StoreFileError(f"{file} is no file of `dstore export`: {fault}") from None
    with opened(database) as open_:
        open_.transact_now(lambda transaction: files.restore(transaction, one))
    print(f"{one.public_id}: version {one.version}, {len(one.entries):,} entries")
