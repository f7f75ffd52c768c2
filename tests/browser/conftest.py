"""One Chromium for all journeys; the sample county loaded once, and a server on a copy of it for each file."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.browser.site import Site, load_sample
from tests.browser.visitor import Visitors


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without its own windows (chromium-headless-shell) where that is, at a third of the work."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def sample(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample county, loaded once for all workers; copied, never served."""
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = root / "sample-county"
    with (root / "sample-county.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            building = root / "sample-county-building"
            told = os.environ.get("GONGKAI_SAMPLE")  # loaded just before by `make wheel`
            if told and Path(told).exists():
                shutil.copytree(told, building)
            else:
                load_sample(building)
            building.rename(made)
    return made


@pytest.fixture(scope="module")
def site(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server that `gongkai demo` starts, for the journeys of one file; at the end it stops cleanly."""
    data = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(sample, data)
    opened = Site(data)
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture(scope="session")
def sessions() -> dict[tuple[str, str], StorageState]:
    """Cookies of those who have signed in, by site and name."""
    return {}


@pytest.fixture
def visit(browser: Browser, site: Site, sessions: dict[tuple[str, str], StorageState]) -> Iterator[Visitors]:
    """Opens a window for a person at the sample county."""
    visitors = Visitors(browser, site.url, sessions)
    yield visitors
    visitors.close()
