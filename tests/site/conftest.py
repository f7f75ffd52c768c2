"""Sites to try commands on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.site.hands import Site, fresh_database


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Site]:
    """A site with nothing in it."""
    with ExitStack() as held:
        url = held.enter_context(fresh_database()) if os.environ.get("GONGKAI_DATABASE_URL") else ""
        yield Site(tmp_path / "data", url)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the sample county: loaded here, or a copy of the folder that
    GONGKAI_SAMPLE names, loaded just before; on another database restored from a backup of it."""
    with ExitStack() as held:
        url = held.enter_context(fresh_database()) if os.environ.get("GONGKAI_DATABASE_URL") else ""
        site = Site(tmp_path_factory.mktemp("county") / "data", url)
        sample = os.environ.get("GONGKAI_SAMPLE")
        sample = sample if sample and Path(sample).exists() else None
        if sample and not url:
            shutil.copytree(sample, site.data)
        elif sample:
            kept = Site(site.data.with_name("sample"))
            shutil.copytree(sample, kept.data)
            backup = site.data.with_name("sample.zip")
            kept.run("backup", str(backup))
            site.run("restore", str(backup))
            shutil.copy(kept.data / "field.key", site.data / "field.key")
        else:
            site.run("demo", "--no-serve")
        yield site
