"""Who runs the private servers, and where their files live."""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.embedded.errors import EmbeddedError

SOCKET_PATH_MAX_BYTES: Final = 107
"""sun_path of unix(7) has 108 bytes, the last one is zero."""
LONGEST_SOCKET_NAME: Final = ".s.PGSQL.65535"
SYSTEM_USER: Final = "postgres"
SHARED_STATE: Final = Path("/var/lib/muster")


@dataclass(frozen=True, slots=True)
class Place:
    """Files of the private servers. `user` is None when they run as whoever starts them."""

    var_dir: Path
    base: Path
    user: str | None

    @property
    def log_dir(self) -> Path:
        """Logs of the servers and of our own processes."""
        return self.var_dir / "log"

    @property
    def socket_dir(self) -> Path | None:
        """Where PostgreSQL puts its socket; None where the path would be too long, then 127.0.0.1 alone must do."""
        run = self.base / "run"
        return run if _socket_fits(run) else None

    def make(self, name: str) -> Path:
        """A directory in `base` that only the servers' user may read."""
        path = self.base / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.give(path)
        return path

    def give(self, path: Path) -> None:
        """Hand a file to the servers' user."""
        if self.user:
            shutil.chown(path, self.user, pwd.getpwnam(self.user).pw_gid)

    def demote(self, argv: list[str]) -> list[str]:
        """The command as the servers' user runs it."""
        return ["runuser", "-u", self.user, "--", *argv] if self.user else argv


def find_place(var_dir: Path) -> Place:
    """`var_dir` itself if the servers can live there, otherwise a directory of this checkout's own under /var/lib/muster (root only).

    Raises:
        EmbeddedError: root has no user to run the servers as.
    """
    if os.geteuid() != 0:
        return Place(var_dir, var_dir, None)
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root, and there is no user {SYSTEM_USER!r}: run deploy/install-packages."
        ) from None
    if _socket_fits(var_dir / "run") and _reachable(var_dir, SYSTEM_USER):
        return Place(var_dir, var_dir, SYSTEM_USER)
    base = SHARED_STATE / hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]
    base.mkdir(mode=0o755, parents=True, exist_ok=True)
    return Place(var_dir, base, SYSTEM_USER)


def make_var(var_dir: Path) -> None:
    """Make `var_dir` and its log directory. Raises `EmbeddedError` if this user may not write there."""
    try:
        (var_dir / "log").mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"{var_dir} cannot be used: {error.strerror}.") from None
    if not os.access(var_dir, os.W_OK):
        owner = var_dir.owner()
        raise EmbeddedError(f"{var_dir} belongs to {owner}: run as {owner}, or move it away and start anew.")


def _socket_fits(directory: Path) -> bool:
    return len(os.fsencode(directory / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_MAX_BYTES


def _reachable(directory: Path, user: str) -> bool:
    """Whether the user can walk to the directory: asked of the kernel as that user, because access lists and mounts count too."""
    return subprocess.run(["runuser", "-u", user, "--", "test", "-x", str(directory)], check=False, cwd="/").returncode == 0
