"""Each engine in turn; that of the database only where the tests run on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from gongkai.search.engine import Tantivy
from gongkai.search.port import Engine


@pytest.fixture(params=["tantivy", pytest.param("postgresql", marks=pytest.mark.django_db)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    if request.param == "tantivy":
        return Tantivy(tmp_path / "index", tmp_path / "synonyms.toml")
    if connection.vendor != "postgresql":
        pytest.skip("the test database is SQLite: make postgres runs this")
    from gongkai.search.postgres import Postgres

    return Postgres(tmp_path / "synonyms.toml")
