"""What the figures were measured on, and how much processor time they took."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

TICK_S: Final = 1 / os.sysconf("SC_CLK_TCK")


def describe(server_version: str) -> dict[str, str]:
    """Processor, memory and versions."""
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    memory_kb = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    packages = {name: version(name) for name in ("flask", "gunicorn", "psycopg", "sqlalchemy", "numpy", "shapely")}
    return {
        "processor": f"{os.cpu_count()} x {model}",
        "memory": f"{memory_kb / 1024 / 1024:.1f} GiB",
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "postgresql": server_version,
        **packages,
    }


def cpu_s(roots: dict[str, int]) -> dict[str, float]:
    """Processor seconds (user and system) used so far by each root process, all its descendants and its ended children."""
    parents, used = {}, {}
    for pid, parent, seconds in _processes():
        parents[pid], used[pid] = parent, seconds
    total = dict.fromkeys(roots, 0.0)
    names = {pid: name for name, pid in roots.items()}
    for pid, seconds in used.items():
        at: int | None = pid
        while at is not None and at not in names:
            at = parents.get(at)
        if at is not None:
            total[names[at]] += seconds
    return total


def busy_s() -> float:
    """Processor seconds that all processes of the machine have used, all processors together, waiting not included."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, _lines("/proc/stat")[0].split()[1:])
    return (user + nice + system + irq + softirq) * TICK_S


def parent_of(pid: int) -> int:
    """The process that started this one."""
    return next(parent for each, parent, _ in _processes() if each == pid)


def _processes() -> Iterator[tuple[int, int, float]]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = Path(f"/proc/{entry.name}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            yield int(entry.name), int(fields[1]), sum(map(int, fields[11:15])) * TICK_S


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
