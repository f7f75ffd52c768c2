"""A kind of one's own, from a folder of one's own: form, checks, gates, duty, page, data. No line of program."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.base.clock import on_day
from gongkai.base.issues import Refused
from gongkai.ledger import matrix
from gongkai.ledger.follow import LedgerFollower, rebuild
from gongkai.orgs.models import Organisation, Person, Role
from gongkai.orgs.reads import viewer_of
from gongkai.records import actions, life
from gongkai.records.kinds import forget, kinds
from gongkai.records.models import Record, Version
from gongkai.scheme import actions as scheme
from tests.records import DAY, Town, found, hold
from tests.records.conftest import town as _town

WELLS = """
name = "饮用水水质检测结果"
group = "重点领域"
view = "table"
article = "20(13)"
basis = "《政府信息公开条例》第二十条第（十三）项"
help = "每月检测以后公开；每个采样点一行。"
required = ["title", "formed"]
gates = ["first", "secrecy", "third"]

[[cadence]]
kind = "within"
rule = "proactive_publish"

[[fields]]
key = "points"
label = "采样点"
type = "table"
required = true
chart = "turbidity"
columns = [
  { key = "place", label = "采样点", required = true },
  { key = "turbidity", label = "浑浊度", type = "number", unit = "NTU" },
  { key = "checks", label = "检测次数", type = "number", total = true },
]

[[fields]]
key = "total"
label = "检测总次数"
type = "number"
required = true

[[checks]]
kind = "compare"
left = ["points.checks"]
right = ["total"]
say = "各采样点检测次数相加要等于检测总次数。"
"""

town = _town


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "water_quality.toml").write_text(WELLS, "utf-8")
    monkeypatch.setenv("GONGKAI_KINDS", str(tmp_path))
    forget()
    yield tmp_path
    monkeypatch.delenv("GONGKAI_KINDS")
    forget()


def values(total: str) -> dict[str, object]:
    return {
        "title": "2026年2月饮用水水质检测结果",
        "formed": "2026-03-02",
        "fields": {"points": "采样点\t浑浊度（NTU）\t检测次数\n东水厂\t0.3\t4\n西水厂\t0.45\t6\n", "total": total},
    }


def test_a_kind_of_ones_own_goes_all_the_way(folder: Path, town: Town, client: Client) -> None:
    assert kinds()["water_quality"].name == "饮用水水质检测结果"
    civil = Organisation.objects.get(pk=town.orgs["civil"])
    from gongkai.orgs.models import Post

    chief = Person.objects.get(pk=town.people["chief"])
    Post.objects.create(person=chief, organisation=civil, role=Role.REVIEWER, since=dt.date(2020, 1, 1))
    clerk, office = town.who("clerk"), town.who("office")
    with on_day(DAY):
        # The duty: a line of the scheme bound to the kind.
        held = scheme.begin_scheme(
            civil.pk, "主动公开目录", standard=False, adopted_on=dt.date(2026, 1, 1), actor=office, on=DAY
        )
        line = {
            "level1": "饮用水水质",
            "limit_text": "信息形成之日起20个工作日内",
            "kinds": ["water_quality"],
            "owners": [civil.pk],
        }
        asked = scheme.propose(held.pk, "add", {**line, "proactive": True}, "条例第二十条", actor=clerk, on=DAY)
        scheme.decide(asked.pk, True, actor=office, on=DAY)
        # The form and the checks.
        client.force_login(Person.objects.get(pk=town.people["clerk"]), "django.contrib.auth.backends.ModelBackend")
        form = client.get(reverse("desk:records-begin", args=["water_quality"])).content.decode()
        assert "采样点" in form and "检测总次数" in form and "每月检测以后公开" in form
        record = actions.begin_record("water_quality", civil.pk, values("11"), actor=clerk, on=DAY)
        with pytest.raises(Refused, match="要等于检测总次数"):
            actions.submit(record.pk, actor=clerk, on=DAY)
        draft = Record.objects.get(pk=record.pk).draft
        actions.write_draft(record.pk, values("10"), revision=draft.revision, actor=clerk, on=DAY)
        rebuild()
        # Formed on 2026-03-02, the day on which the line binds; twenty working days, no holiday between: 2026-03-30.
        row = matrix.matrix(held, DAY)[0]
        assert row.cells[civil.pk].cell == matrix.Cell.NOT_DUE and row.cells[civil.pk].due == dt.date(2026, 3, 30)
        # The gates.
        version = actions.submit(record.pk, actor=clerk, on=DAY)
        for person in ("chief", "secrecy", "head"):
            gate = life.next_gate(Version.objects.get(pk=version.pk))
            assert gate is not None
            actions.decide(version.pk, "pass", actor=town.who(person), on=DAY, comment="可以公开", checked=gate.asks)
        actions.publish(record.pk, actor=clerk, on=DAY)
        # The page, its data, the list, the API.
        public = Client()
        page = public.get(f"/p/{record.pk}.html").content.decode()
        assert "东水厂" in page and "<svg" in page and "10" in page and "第二十条第（十三）项" in page
        data = public.get(f"/p/{record.pk}.json").json()
        assert data["fields"]["points"]["value"][1] == {"place": "西水厂", "turbidity": "0.45", "checks": "6"}
        table = public.get(f"/p/{record.pk}/table-points.csv").content.decode("utf-8-sig")
        assert table.splitlines() == ["采样点,浑浊度（NTU）,检测次数", "东水厂,0.3,4", "西水厂,0.45,6", "合计,,10"]
        assert "水质检测结果" in public.get("/list/water_quality/").content.decode()
        assert "water_quality" in [k["code"] for k in public.get("/api/kinds").json()]
        assert LedgerFollower.name == "ledger"


def test_a_bad_kind_stops_the_start_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "wells.toml").write_text('name = "水井"\ngroup = "重点"\nview = "cube"\n', "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "gongkai", "verify"],
        env={**os.environ, "GONGKAI_KINDS": str(tmp_path), "GONGKAI_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "wells.toml 第" in done.stderr and "没有启动" in done.stderr


__all__ = ["found", "hold", "town", "viewer_of"]
