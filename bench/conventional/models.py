"""The tables as ORM models, and the engine with the product's durability."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What all models share."""


class Store(Base):
    """A store of an account."""

    __tablename__ = "store"
    __table_args__ = (UniqueConstraint("client_id", "pos_account_id", "pos_store_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str]
    pos_account_id: Mapped[str]
    pos_store_id: Mapped[str]
    name: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)


class Product(Base):
    """A product of a store."""

    __tablename__ = "product"
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), primary_key=True)
    pos_product_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    type: Mapped[str]
    status: Mapped[str]
    name: Mapped[str]
    currency: Mapped[str | None]
    price: Mapped[int | None]
    quantity_min: Mapped[int | None]
    quantity_max: Mapped[int | None]


class ProductLink(Base):
    """A product inside a group, or a group of a product."""

    __tablename__ = "product_link"
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), primary_key=True)
    parent_id: Mapped[str] = mapped_column(primary_key=True)
    child_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class Overload(Base):
    """Another price or quantity of a product inside one group."""

    __tablename__ = "overload"
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(primary_key=True)
    group_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str | None]
    price: Mapped[int | None]
    quantity_min: Mapped[int | None]
    quantity_max: Mapped[int | None]


class RequestRecord(Base):
    """A result already given."""

    __tablename__ = "request_record"
    client_id: Mapped[str] = mapped_column(primary_key=True)
    api: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[bytes]
    result: Mapped[str]
    created: Mapped[str] = mapped_column(default=lambda: datetime.now(UTC).isoformat())


def engine(url: str) -> AsyncEngine:
    """Open a database given by the product's kind of URL."""
    if url.startswith("postgresql://"):
        given = make_url(url).set(drivername="postgresql+asyncpg")
        # libpq's way to name the schema is not asyncpg's.
        schema = str(given.query.get("options", "-csearch_path=public")).rpartition("=")[2]
        arguments = {"server_settings": {"search_path": schema}}
        return create_async_engine(given.difference_update_query(["options"]), pool_size=10, connect_args=arguments)
    # One connection: several would wait for SQLite's one writer in growing steps.
    made = create_async_engine(url.replace("sqlite://", "sqlite+aiosqlite://", 1), pool_size=1, max_overflow=0)

    # SQLAlchemy's own recipe for transactions that begin when they should.
    @event.listens_for(made.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=wal", "synchronous=full", "cache_size=-32000"):
            cursor.execute(f"pragma {pragma}")
        cursor.close()

    @event.listens_for(made.sync_engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql("begin immediate")

    return made
