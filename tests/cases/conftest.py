"""The county of `tests.cases`, on a day of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gongkai.base.clock import on_day
from gongkai.cases.actions.letters import written_later
from tests.cases import DAY, Town


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """The county; letters get their fields and number, and no document: those are tested in tests/cases/letters."""
    with on_day(DAY), written_later():
        yield Town.build()
