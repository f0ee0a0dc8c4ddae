"""The application: one endpoint as FastAPI's tutorial writes it, and the same tuned."""

import hashlib
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import async_sessionmaker

from bench.conventional import models, writing
from bench.conventional.messages import SyncProduct, broken_rules
from bench.conventional.signing import Keys, authenticated, signed

API = "/v2/pos/syncProduct"
SUCCESS = {"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success"}


def from_environment() -> FastAPI:
    """Build the application of a worker process."""
    engine = models.engine(os.environ["BENCH_DATABASE"])

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(models.Base.metadata.create_all)
        app.state.keys = Keys()
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)
    app.get("/readyz")(ready)
    app.post(API)(sync_product_tuned if os.environ.get("BENCH_TUNED") == "1" else sync_product)
    return app


async def ready() -> str:
    """Tell that the application has started."""
    return "ready"


async def sync_product(
    request: Request, message: SyncProduct, client_id: Annotated[str, Depends(authenticated)]
) -> JSONResponse:
    """Replace a store's products or set statuses, once for each requestId."""
    return await _answer(request, message, client_id, tuned=False)


async def sync_product_tuned(request: Request, client_id: Annotated[str, Depends(authenticated)]) -> JSONResponse:
    """Do the same, decoding with pydantic's own JSON reader and writing rows instead of objects."""
    message = SyncProduct.model_validate_json(await request.body())
    return await _answer(request, message, client_id, tuned=True)


async def _answer(request: Request, message: SyncProduct, client_id: str, *, tuned: bool) -> JSONResponse:
    body_hash = hashlib.sha256(await request.body()).digest()
    async with request.app.state.sessions.begin() as session:
        given = await session.get(models.RequestRecord, (client_id, API, message.request_id))
        if given is not None:
            result: dict[str, Any] = json.loads(given.result)
            return signed(request, client_id, result)
        if message.is_status_update:
            try:
                await writing.set_statuses(session, client_id, message)
            except writing.NotFoundError as fault:
                raise HTTPException(404, str(fault)) from None
        else:
            found = broken_rules(message.products)
            if found:
                raise HTTPException(422, found)
            await writing.replace_products(session, client_id, message, tuned=tuned)
        session.add(
            models.RequestRecord(
                client_id=client_id,
                api=API,
                request_id=message.request_id,
                body_hash=body_hash,
                result=json.dumps(SUCCESS),
            )
        )
    return signed(request, client_id, SUCCESS)
