"""The sample county, loaded once for all tests of the desk; each test works in a transaction that is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from gongkai.base.clock import on_day
from gongkai.demo.county import County
from gongkai.orgs.models import Person
from tests.desk import TODAY


@pytest.fixture(scope="package")
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded in a transaction around the tests of this folder, which is undone after the last that a worker runs."""
    with django_db_blocker.unblock(), transaction.atomic():
        for _ in County(records=False).load():
            pass
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with on_day(TODAY):
        yield


@pytest.fixture
def county(_loaded: None, db: None) -> None:
    """The sample county."""


@pytest.fixture
def signed_in(county: None) -> Callable[[str], Client]:
    """A browser at which somebody is signed in."""

    def make(username: str) -> Client:
        client = Client()
        client.force_login(Person.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
        return client

    return make
