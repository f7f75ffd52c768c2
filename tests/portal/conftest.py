"""A county with its records, made once for a file; each test works in a transaction that is undone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from gongkai.base.clock import on_day
from tests.portal import DAY, County, build, everything


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[County]:
    with django_db_blocker.unblock(), transaction.atomic(), on_day(DAY):
        county = build()
        everything(county)
        with django_db_blocker.block():
            yield county
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with on_day(DAY):
        yield


@pytest.fixture
def county(_loaded: County, db: None) -> County:
    """临溪县."""
    return County(dict(_loaded.orgs), dict(_loaded.people), dict(_loaded.records))


@pytest.fixture
def press_folder() -> Iterator[Path]:
    """The folder of the press, empty before and after."""
    where = Path(settings.GONGKAI_DATA_DIR)

    def clear() -> None:
        for name in ("press", "press-later"):
            shutil.rmtree(where / name, ignore_errors=True)
        for name in ("press.json", "site.toml"):
            (where / name).unlink(missing_ok=True)

    clear()
    yield where / "press"
    clear()
