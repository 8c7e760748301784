"""A private Redis: append-only file, no eviction, password, loopback."""

import shutil
from typing import Final

import redis

from app.embedded.errors import EmbeddedError
from app.embedded.place import Place
from app.embedded.server import Layout

SETTINGS: Final = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir .
pidfile redis.pid
daemonize no
save ""
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
"""
"""It is started in its data directory: no path here, whose spaces or quotes Redis would read its own way."""


def redis_layout(place: Place, password: str) -> Layout:
    """Lay out the server. Raises `EmbeddedError` if Redis is not installed."""
    program = shutil.which("redis-server")
    if not program:
        raise EmbeddedError("redis-server is not installed: run deploy/install-packages, or set REDIS_URL.")
    data = place.make("redis")

    def configure(port: int) -> None:
        file = data / "redis.conf"
        file.touch(mode=0o600)
        file.write_text(SETTINGS.format(port=port, password=password))
        place.give(file)

    def answers(port: int) -> bool:
        client = redis.Redis("127.0.0.1", port, password=password, socket_timeout=5)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    argv = [program, str(data / "redis.conf")]
    return Layout("redis", data, data / "redis.pid", place.log_dir / "redis.log", argv, configure, answers)


def redis_url(password: str, port: int) -> str:
    """URL of database 0."""
    return f"redis://:{password}@127.0.0.1:{port}/0"
