"""The small county for the tests of this room: once for a module that only reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from gongkai.orgs import reads
from gongkai.orgs.rules import Viewer
from tests.orgs.county import administrator, build


def _forget_trees() -> None:
    # Trees are remembered by the number of the last event, and every test begins to count anew.
    if remembered := getattr(reads, "_tree", None):
        remembered.cache_clear()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    _forget_trees()
    yield
    _forget_trees()


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """Ids of the county's organisations by key; made once for the module, undone after it."""
    _forget_trees()
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def admin(db: None) -> Viewer:
    """The system's administrator."""
    return administrator()
