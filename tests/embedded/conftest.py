"""A PostgreSQL to provision: the one of DATABASE_URL (`make test` sets it). Tests of starting and stopping make their own."""

import os

import pytest


@pytest.fixture(scope="session")
def admin_url() -> str:
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.skip("DATABASE_URL names no PostgreSQL: use `make test`")
    return url
