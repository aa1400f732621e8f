"""Our own additions under `/api/v1/`: errors are problem details, everything is described by OpenAPI."""

from fastapi import APIRouter

from saycut.http.routes.v1 import (
    assets,
    credit,
    edits,
    history,
    jobs,
    listening,
    preflight,
    resumable,
    sessions,
    turns,
    vocabulary,
    webhooks,
)

router = APIRouter(prefix="/api/v1")
for _routes in (
    sessions,
    history,
    edits,
    listening,
    preflight,
    assets,
    resumable,
    turns,
    jobs,
    credit,
    webhooks,
    vocabulary,
):
    router.include_router(_routes.router)
