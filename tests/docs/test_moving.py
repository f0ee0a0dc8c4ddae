"""The script of the how-to takes every row of every table to PostgreSQL, and no number is given twice afterwards."""

from __future__ import annotations

import re
import subprocess
from functools import partial
from typing import TYPE_CHECKING, Any

from docs import pages
from docs.shell import with_programs
from dstore.catalog import trees
from dstore.storage import schema
from dstore.storage.opening import open_database

if TYPE_CHECKING:
    from pathlib import Path

    from dstore.storage.port import Reading, Transaction

PAGE = pages.ROOT / "docs/howto/move-to-postgresql.md"
TABLES = sorted({table for _, _, sql in schema.steps() for table in re.findall(r"create table (\w+)", sql)})
VALUES: dict[str, Any] = {"integer": 7, "bigint": 7_000_000_000, "text": "t", "blob": b"\0\xff"}
UNSWEPT = 9


def script() -> str:
    """Return the script that the page has its reader write."""
    text = "".join(block.text for block in pages.blocks(PAGE) if block.is_run)
    found = re.search(r"cat > move\.py <<'END'\n(.*?)^END$", text, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def fill(transaction: Transaction) -> None:
    """Put a row into every table, and leave a tree unswept whose number is above that of any store's."""
    for table in TABLES:
        columns = transaction.rows(f"select name, lower(type) from pragma_table_info('{table}')")
        values = [VALUES[kind] for _, kind in columns]
        names, marks = ", ".join(name for name, _ in columns), ", ".join("?" * len(columns))
        transaction.run(f"insert into {table} ({names}) values ({marks})", values)
    transaction.run("insert into loose_tree (tree, since) values (?, 0)", (UNSWEPT,))
    # Its row is gone, its number was given: only the database's own count knows.
    assert trees.make(transaction, 0) == UNSWEPT + 1
    transaction.run("delete from loose_tree where tree > ?", (UNSWEPT,))


def rows(reading: Reading) -> dict[str, list[Any]]:
    """Return what stands in every table."""
    found = {table: reading.rows(f"select * from {table}") for table in TABLES}
    return {table: sorted(tuple(map(repr, row)) for row in each) for table, each in found.items()}


def numbers(table: str, transaction: Transaction) -> tuple[int, int]:
    """Return the highest number of a table's rows, and the next that it gives."""
    sql = f"select max(id), nextval(pg_get_serial_sequence('{table}', 'id')) from {table}"
    last, following = transaction.rows(sql)[0]
    return last, following


def test_every_table_moves_and_numbers_go_on(tmp_path: Path, two_databases: tuple[str, str]) -> None:
    urls = f"sqlite:///{tmp_path}/dstore.db", two_databases[0]
    source, target = (open_database(url) for url in urls)
    schema.migrate(source, "sqlite")
    schema.migrate(target, "postgresql")
    source.transact_now(fill)
    subprocess.run(["python", "-c", script(), *urls], check=True, env=with_programs(), timeout=60)
    assert target.read_now(rows) == source.read_now(rows)
    assert target.transact_now(lambda transaction: trees.make(transaction, 0)) == UNSWEPT + 2
    for table in ("partner", "store", "history", "console_user", "audit", "sold_out_act", "accepted"):
        last, following = target.transact_now(partial(numbers, table))
        assert following == last + 1
    source.close()
    target.close()
