"""Webhooks as JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.web.parsing import Answer, Strict

Kind = Literal["arrived", "left"]
Kinds = Annotated[list[Kind], Field(min_length=1, max_length=2)]


class WebhookIn(Strict):
    """Where to post, and of what."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    url: Annotated[str, Field(min_length=1, max_length=500)]
    kinds: Kinds


class WebhookChange(Strict):
    """What to change. `paused` false: go on with it."""

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    url: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    kinds: Kinds | None = None
    paused: bool | None = None

    def facts(self) -> dict[str, Any]:
        """What was said."""
        return self.model_dump(exclude_unset=True, exclude_none=True)


class WebhookOut(Answer):
    """A webhook. Its secret is never shown again.

    `last_failure`: of the last post, when it failed: `unreachable`, `refused` (by our own wall), `status_500`. `tries_again_at`: then it is posted again.
    """

    id: UUID
    name: str
    url: str
    kinds: list[Kind]
    paused_at: datetime | None
    last_ok_at: datetime | None
    last_tried_at: datetime | None
    tries_again_at: datetime | None
    last_failure: str | None


class WebhookMadeOut(WebhookOut):
    """A new webhook with its secret: shown once."""

    secret: str
