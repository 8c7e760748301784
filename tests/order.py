"""The order of the tests, and which of them stay together in one process: a file, and all the chaos, as what they start for themselves is heavy."""

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

FIRST = (
    "tests/db/test_plans",
    "tests/visitors/test_plans",
    "tests/chaos/",
    "tests/security/test_matrix",
    "tests/outbox/test_killed",
    "tests/security/test_fuzz",
    "tests/live/test_process",
    "tests/attendance/test_opt_out",
    "tests/demo/test_day",
    "tests/security/test_two_worlds",
    "tests/messaging/test_over_smpp",
    "tests/geofences/test_formats_hostile",
    "tests/visitors/test_paper",
    "tests/core_oracle/test_golden",
    "tests/supervisor/",
    "tests/live/",
    "tests/embedded/",
    "tests/sms/",
    "tests/visitors/test_large_photo",
)
"""Plans are asked of a database that no other test has filled; then half of all the time, what waits in turn with what computes."""


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Files in their order, each to the first process that is free."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return "tests/chaos" if nodeid.startswith("tests/chaos/") else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, and does not end alone."""

    def place(item: pytest.Item) -> int:
        return next((number for number, begin in enumerate(FIRST) if item.nodeid.startswith(begin)), len(FIRST))

    items.sort(key=place)
