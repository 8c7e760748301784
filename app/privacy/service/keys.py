"""Keys of organizations: what their people said is sealed under them, and is gone for good when the key is.

1. An organization has one current key: 32 random bytes, made when the first thing is sealed.
2. It is kept wrapped: sealed itself under a key derived from CONTENT_KEY, or SECRET_KEY, which no backup of the database holds.
3. What is sealed names its key, so that an older one still opens it: `key id (16 bytes) | nonce (24) | text and tag`.
4. What it belongs to (`about`: table and column) and the organization are bound to it: moved elsewhere, it does not open.
5. A destroyed key is a row without a key. Keys are kept no longer than the transaction that read them, so that no process outlives it.
"""

import hashlib
import hmac
from typing import Final
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.utils import random
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.types import uuid7
from app.errors import Unreadable
from app.privacy import queries

_ID_BYTES: Final = 16
_KEPT: Final = "organization_keys"
_Key = tuple[UUID, bytes]


class OrganizationKeyring:
    """Implements `ports.Keyring` with XChaCha20-Poly1305."""

    def __init__(self, settings: Settings) -> None:
        secret = settings.content_key or settings.secret_key
        self._wrapping = Aead(hmac.new(secret.encode(), b"wraps the keys of organizations", hashlib.sha256).digest())

    def seal(self, session: Session, organization_id: int, plain: bytes, about: bytes) -> bytes:
        """See `Keyring`."""
        key_id, key = self._current(session, organization_id)
        return key_id.bytes + Aead(key).encrypt(plain, _bound(organization_id, about))

    def open(self, session: Session, organization_id: int, sealed: bytes, about: bytes) -> bytes:
        """See `Keyring`."""
        if len(sealed) < _ID_BYTES:
            raise Unreadable
        key = self._key(session, organization_id, UUID(bytes=sealed[:_ID_BYTES]))
        return _opened(Aead(key), sealed[_ID_BYTES:], _bound(organization_id, about))

    def _current(self, session: Session, organization_id: int) -> _Key:
        kept: dict[tuple[int, UUID | None], _Key] = session.info.setdefault(_KEPT, {})
        if (organization_id, None) not in kept:
            found = queries.current_key(session, organization_id)
            if found is None:
                key_id = uuid7()
                wrapped = self._wrapping.encrypt(random(Aead.KEY_SIZE), _bound(organization_id, key_id.bytes))
                found = queries.add_key(session, organization_id, key_id, wrapped)
            kept[organization_id, None] = found[0], self._unwrapped(organization_id, *found)
        return kept[organization_id, None]

    def _key(self, session: Session, organization_id: int, key_id: UUID) -> bytes:
        kept: dict[tuple[int, UUID | None], _Key] = session.info.setdefault(_KEPT, {})
        if (organization_id, key_id) not in kept:
            wrapped = queries.wrapped_key(session, organization_id, key_id)
            if wrapped is None:
                raise Unreadable
            kept[organization_id, key_id] = key_id, self._unwrapped(organization_id, key_id, wrapped)
        return kept[organization_id, key_id][1]

    def _unwrapped(self, organization_id: int, key_id: UUID, wrapped: bytes) -> bytes:
        return _opened(self._wrapping, wrapped, _bound(organization_id, key_id.bytes))


def _bound(organization_id: int, about: bytes) -> bytes:
    return organization_id.to_bytes(8, "big") + about


def _opened(box: Aead, sealed: bytes, about: bytes) -> bytes:
    try:
        return box.decrypt(sealed, about)
    except (CryptoError, ValueError):
        raise Unreadable from None
