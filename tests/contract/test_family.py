"""What the contract tests stand on: a platform into which calls' content is put is one on which they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.family import digest, feed
from harness.content import Content

if TYPE_CHECKING:
    from dstore.storage.port import Transaction
    from harness.platform import Platform

TABLES = ("account", "entry", "given", "history", "store")


def clear(transaction: Transaction) -> None:
    for table in TABLES:
        transaction.run(f"delete from {table}")


def test_content_that_is_put_back_is_what_the_calls_left(platform: Platform) -> None:
    feed(platform)
    content, left = Content(platform), digest(platform)
    assert all(left[table] for table in TABLES)
    platform.transact(clear)
    content.put_into(platform)
    assert digest(platform) == left
