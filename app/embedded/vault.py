"""Secrets of a private installation: made once, kept in var/secrets.json, readable by its owner alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from app.embedded.errors import EmbeddedError


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """256 random bits each, in hex."""

    secret_key: str
    postgres_password: str
    redis_password: str


def open_vault(path: Path) -> Vault:
    """Read the secrets, or make them.

    Raises:
        EmbeddedError: the file is damaged. New secrets would put the old data out of reach.
    """
    try:
        return Vault(**json.loads(path.read_text()))
    except FileNotFoundError:
        return _make(path)
    except (ValueError, TypeError):
        raise EmbeddedError(
            f"{path} is damaged: bring it back from a backup, or run `make clean` (that deletes the private database)."
        ) from None


def _make(path: Path) -> Vault:
    vault = Vault(*(secrets.token_hex(32) for _ in range(3)))
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(vault), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return vault
