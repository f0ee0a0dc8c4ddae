"""What a call changes: replace all products of a store, or mark some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from bench.conventional import models

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bench.conventional.messages import Overload, Product, SyncProduct

TABLES = (models.Overload, models.ProductLink, models.Product)
Values = dict[str, Any]


class NotFoundError(Exception):
    """A status update names something that does not exist."""


async def replace_products(session: AsyncSession, client_id: str, message: SyncProduct, *, tuned: bool) -> None:
    """Delete the store's products and insert those sent, as objects or (tuned) as rows."""
    store = await _store(session, client_id, message)
    if store is None:
        store = models.Store(client_id=client_id, pos_account_id=message.pos_account_id, version=0,
                             pos_store_id=message.store.pos_store_id, name=message.store.name or "")  # fmt: skip
        session.add(store)
        await session.flush()
    store.version += 1
    store.name = message.store.name or store.name
    for table in TABLES:
        await session.execute(delete(table).where(table.store_id == store.id))
    rows = _rows(store.id, message.products)
    for model in reversed(TABLES):
        values = rows[model]
        if tuned and values:
            await session.execute(insert(model.__table__), values)  # type: ignore[arg-type]
        elif not tuned:
            session.add_all(model(**one) for one in values)


async def set_statuses(session: AsyncSession, client_id: str, message: SyncProduct) -> None:
    """Set the status of the products that are named."""
    store = await _store(session, client_id, message)
    if store is None:
        raise NotFoundError("no such store")
    wanted = {one.pos_product_id: one.status for one in message.products}
    query = select(models.Product).where(models.Product.store_id == store.id, models.Product.pos_product_id.in_(wanted))
    found = (await session.scalars(query)).all()
    if len(found) != len(wanted):
        raise NotFoundError("no such product")
    for product in found:
        product.status = wanted[product.pos_product_id]
    store.version += 1


async def _store(session: AsyncSession, client_id: str, message: SyncProduct) -> models.Store | None:
    query = select(models.Store).where(
        models.Store.client_id == client_id,
        models.Store.pos_account_id == message.pos_account_id,
        models.Store.pos_store_id == message.store.pos_store_id,
    )
    store: models.Store | None = await session.scalar(query.with_for_update())
    return store


def _rows(store_id: int, products: list[Product]) -> dict[type[models.Base], list[Values]]:
    rows: dict[type[models.Base], list[Values]] = {model: [] for model in TABLES}
    for position, one in enumerate(products):
        rows[models.Product].append({
            "store_id": store_id, "pos_product_id": one.pos_product_id, "position": position, "type": one.type,
            "status": one.status, "name": one.name, **_numbers(one),
        })  # fmt: skip
        for place, child in enumerate(one.sub_products or ()):
            link = {"store_id": store_id, "parent_id": one.pos_product_id, "child_id": child, "position": place}
            rows[models.ProductLink].append(link)
        for overload in one.overloads or ():
            for group in overload.pos_product_ids:
                names = {"store_id": store_id, "product_id": one.pos_product_id, "group_id": group}
                rows[models.Overload].append({**names, **_numbers(overload)})
    return rows


def _numbers(one: Product | Overload) -> Values:
    price, rule = one.price, one.quantity_rule
    return {
        "currency": price.currency if price else None, "price": price.value if price else None,
        "quantity_min": rule.min if rule else None, "quantity_max": rule.max if rule else None,
    }  # fmt: skip
