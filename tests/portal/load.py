"""Puts 临溪县 and some further notices into the data folder of the environment, once Django is started."""

from __future__ import annotations

from django.db import transaction

from gongkai.base.clock import on_day
from gongkai.site.boot import migrate
from tests.portal import DAY, build, everything, lawful, out


def load(more: int) -> None:
    """Make the tables and the county."""
    migrate()
    with transaction.atomic(), on_day(DAY):
        county = build()
        everything(county)
        lawful(county)
        for n in range(more):
            out(county, "notice", f"关于第{n}批低保对象认定结果的公示", name=f"more-{n}")
