"""One installation for all the chaos: whoever survived the first hour of it goes into the next."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.chaos.house import House, running
from tests.peers.world_outside import WorldOutside


@pytest.fixture(scope="package")
def outside() -> Iterator[WorldOutside]:
    with WorldOutside(Path(mkdtemp(prefix="muster-tls-"))) as outside:
        yield outside


@pytest.fixture(scope="package")
def house(outside: WorldOutside) -> Iterator[House]:
    with running(Path(mkdtemp(prefix="muster-chaos-")), **outside.settings()) as house:
        yield house
