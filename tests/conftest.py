"""Every test runs against a data folder of its own. SQLite, or the database that GONGKAI_DATABASE_URL names."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

# Before the settings are read: they make the folder and the key.
os.environ["GONGKAI_DATA_DIR"] = tempfile.mkdtemp(prefix="gongkai-test-")
os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.site.settings"
# Playwright leaves an event loop in the thread; the ORM is used there by tests only.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

django.setup()


@pytest.fixture(autouse=True, scope="session")
def _quick() -> Iterator[None]:
    """A cheap hash for passwords: the real one is slow on purpose, and none of the tests is about it."""
    from django.test.utils import override_settings

    # A worker's settings are read before this file is: its data folder is set here once more, its own.
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        GONGKAI_DATA_DIR=Path(os.environ["GONGKAI_DATA_DIR"]),
    ):
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On another database only what touches it runs again: tests of plain Python have run on SQLite."""
    if not os.environ.get("GONGKAI_DATABASE_URL") or os.environ.get("GONGKAI_TESTS") != "database":
        return
    kept = [item for item in items if _touches(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


_ONCE = {
    "tests.portal.test_exits",  # which pages and files show what: the same reads whatever answers them
    "tests.portal.test_served",  # files, processes and servers
    "tests.cases.test_play",  # plays in a database of its own, in memory
    "tests.cases.test_play_command",
    "tests.cases.test_rights",  # who may do what: rules over posts; other tests take every step on either database
    "tests.records.test_posts",
}
"""Modules that a second database would tell nothing about."""


def _touches(item: pytest.Item) -> bool:
    """Marked for the database, or asks for it by a fixture, or starts processes that use it."""
    fixtures = {"db", "transactional_db", "bare", "county"}
    module = getattr(item, "module", None)
    if getattr(module, "__name__", "") in _ONCE:
        return False
    if "[tantivy" in item.name:  # an engine that asks no database for what it finds
        return False
    return (
        item.get_closest_marker("django_db") is not None
        or bool(fixtures & set(getattr(item, "fixturenames", ())))
        or "subprocess" in vars(module)
    )


def pytest_unconfigure() -> None:
    import shutil

    shutil.rmtree(os.environ["GONGKAI_DATA_DIR"], ignore_errors=True)
