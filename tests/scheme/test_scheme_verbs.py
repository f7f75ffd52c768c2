"""A directory from its file to what it asks for, day by day: read, correct, confirm, adjust, owe.

Dates of duties are typed by hand from the calendar of 2026 (国办发明电〔2025〕7号: 国庆 10月1日至7日, 中秋 9月25日至27日,
9月20日 and 10月10日 worked).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gongkai.base.clock import on_day
from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.law.duties import Occurrence, Owed
from gongkai.orgs.models import Kind, Person, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.records import actions as records
from gongkai.records.models import Draft, Record, Version
from gongkai.scheme import actions, reads
from gongkai.scheme.models import Line, LineOwner, Proposal, Scheme, SchemeDraft
from tests.records import found, hold
from tests.scheme import rendering
from tests.scheme.directories import SCHOOLS

DAY = dt.date(2026, 3, 2)
ADOPTED = dt.date(2026, 1, 1)


@dataclass
class County:
    orgs: dict[str, int]
    people: dict[str, int]

    def who(self, name: str) -> Viewer:
        return viewer_of(Person.objects.get(pk=self.people[name]), DAY)


@pytest.fixture
def county(db: None) -> County:
    root = found("青禾县", Kind.COUNTY, None)
    schools = found("青禾县教育局", Kind.DEPARTMENT, root)
    money = found("青禾县财政局", Kind.DEPARTMENT, root)
    basic = found("基础教育股", Kind.SECTION, schools)
    budget = found("预算股", Kind.SECTION, money)
    other = found("苇塘县", Kind.COUNTY, None)
    people = {
        "office": hold("office", "宫恺", (root, Role.AUTHORITY)),
        "section": hold("section", "何敏", (basic, Role.CLERK)),
        "bureau": hold("bureau", "白山", (schools, Role.SIGNER)),
        "money": hold("money", "钱多", (budget, Role.CLERK)),
        "stranger": hold("stranger", "卫健", (other, Role.AUTHORITY)),
        "nobody": hold("nobody", "无岗"),
    }
    orgs = {"root": root.pk, "schools": schools.pk, "money": money.pk, "basic": basic.pk, "other": other.pk}
    return County(orgs, {k: p.pk for k, p in people.items()})


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with on_day(DAY):
        yield


@pytest.fixture
def draft(county: County, tmp_path: Path) -> SchemeDraft:
    path = rendering.xlsx([SCHOOLS], tmp_path / "目录.xlsx")
    return actions.read_scheme(path.read_bytes(), "目录.xlsx", county.orgs["root"], actor=county.who("office"), on=DAY)


def confirmed(county: County, draft: SchemeDraft, **more: Any) -> Scheme:
    given: dict[str, Any] = {"standard": True, "adopted_on": ADOPTED, "actor": county.who("office"), "on": DAY, **more}
    return actions.confirm_scheme(draft.pk, "义务教育领域目录", **given)


def refused(act: Callable[[], Any], words: str) -> None:
    """Refused with these words; nothing written."""
    tables = (Scheme, SchemeDraft, Line, LineOwner, Proposal)
    before = [Event.objects.count(), *(list(t.objects.order_by("pk").values()) for t in tables)]
    with pytest.raises(Refused, match=words):
        act()
    assert before == [Event.objects.count(), *(list(t.objects.order_by("pk").values()) for t in tables)]


def verbs() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("seq").values_list("subject", "verb"))


# From a file to lines


def test_a_directory_is_read_corrected_and_confirmed(county: County, draft: SchemeDraft) -> None:
    office, orgs = county.who("office"), county.orgs
    rows = draft.rows
    assert draft.title == "青禾县义务教育领域基层政务公开标准目录"
    assert [(r["number"], r["level1"], r["level2"]) for r in rows] == [
        ("1", "政策文件", "法律法规"),
        ("2", "政策文件", "教育规划"),
        ("3", "教育概况", "学校信息"),
        ("4", "教育概况", "经费拨付"),
    ]
    assert rows[0]["owners"] == [orgs["schools"]] and rows[3]["owners"] == [orgs["schools"], orgs["money"]]
    assert rows[0]["kinds"] == ["policy"] and rows[1]["kinds"] == ["planning"]
    assert (rows[0]["limit"]["kind"], rows[0]["limit"]["amount"], rows[0]["limit"]["unit"]) == ("relative", 20, "wd")
    assert not Line.objects.exists() and list(reads.duties()) == [], "nothing binds before it is confirmed"

    values = {"limit_text": "每年3月31日前", "owners": [orgs["schools"]], "kinds": ["functions"]}
    changed = actions.change_draft(draft.pk, 2, values, revision=0, actor=office, on=DAY)
    assert changed.rows[2]["limit"]["kind"] == "yearly_by" and changed.rows[2]["doubts"] == []
    assert changed.rows[2]["level2"] == "学校信息", "what was not corrected stays as printed"
    refused(lambda: actions.change_draft(draft.pk, 1, {"drop": True}, revision=0, actor=office, on=DAY), "别人刚改过")
    refused(lambda: actions.change_draft(draft.pk, 9, {}, revision=1, actor=office, on=DAY), "没有这一行")
    refused(
        lambda: actions.change_draft(draft.pk, 0, {"owners": [987654]}, revision=1, actor=office, on=DAY),
        "不存在的单位",
    )
    refused(
        lambda: actions.change_draft(draft.pk, 0, {"kinds": ["poem"]}, revision=1, actor=office, on=DAY), "信息种类"
    )
    actions.change_draft(draft.pk, 1, {"drop": True}, revision=1, actor=office, on=DAY)
    refused(lambda: confirmed(county, draft, actor=county.who("bureau")), "本单位或主管部门")

    scheme = confirmed(county, draft)
    assert [
        (line.position, line.number, line.level2, line.limit_text, line.kinds, line.since, line.until)
        for line in scheme.lines.all()
    ] == [
        (1, "1", "法律法规", "信息形成或者变更之日起20个工作日内", ["policy"], ADOPTED, None),
        (2, "3", "学校信息", "每年3月31日前", ["functions"], ADOPTED, None),
        (3, "4", "经费拨付", "每年公开一次，信息形成之日起20个工作日内", [], ADOPTED, None),
    ]
    assert list(
        LineOwner.objects.order_by("line__position", "pk").values_list(
            "line__position", "organisation", "since", "until"
        )
    ) == [
        (1, orgs["schools"], ADOPTED, None),
        (2, orgs["schools"], ADOPTED, None),
        (3, orgs["schools"], ADOPTED, None),
        (3, orgs["money"], ADOPTED, None),
    ]
    assert verbs() == [
        ("scheme-draft", "read"),
        ("scheme-draft", "change"),
        ("scheme-draft", "change"),
        ("scheme", "adopt"),
    ]
    refused(lambda: confirmed(county, draft), "已经确认")
    assert not reads.drafts(office).exists() and reads.visible(None).get() == scheme


def test_a_row_whose_owner_is_nobody_says_so(county: County, draft: SchemeDraft) -> None:
    """县教育局 is known, 各中小学校 are not in the tree: the row keeps what is known."""
    assert draft.rows[2]["owner_text"] == "县教育局、各中小学校"
    assert draft.rows[2]["owners"] == [county.orgs["schools"]]
    assert any("各中小学校" in d for d in draft.rows[2]["doubts"]), "and tells whom it did not find"


@pytest.mark.parametrize("who", ["section", "bureau", "stranger", "nobody"])
def test_a_directory_of_the_county_is_the_countys_to_import(county: County, who: str, tmp_path: Path) -> None:
    data = rendering.xlsx([SCHOOLS], tmp_path / "a.xlsx").read_bytes()
    root, actor = county.orgs["root"], county.who(who)
    refused(lambda: actions.read_scheme(data, "a.xlsx", root, actor=actor, on=DAY), "不能办理这一步")
    refused(
        lambda: actions.begin_scheme(root, "目录", standard=False, adopted_on=ADOPTED, actor=actor, on=DAY),
        "不能办理这一步",
    )


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", "标题,正文\n甲,乙\n".encode(), b"\x00" * 300])
def test_a_file_that_is_no_directory_is_refused(county: County, data: bytes) -> None:
    refused(
        lambda: actions.read_scheme(data, "目录.xlsx", county.orgs["root"], actor=county.who("office"), on=DAY), "."
    )


def test_what_is_not_there_is_refused_in_words(county: County, draft: SchemeDraft) -> None:
    office, scheme = county.who("office"), confirmed(county, draft)
    wrong = []
    calls: dict[str, Callable[[], Any]] = {
        "read_scheme": lambda: actions.read_scheme(b"x", "a.xlsx", 987654, actor=office, on=DAY),
        "begin_scheme": lambda: actions.begin_scheme(
            987654, "目录", standard=False, adopted_on=ADOPTED, actor=office, on=DAY
        ),
        "change_draft": lambda: actions.change_draft(987654, 0, {}, revision=0, actor=office, on=DAY),
        "confirm_scheme": lambda: actions.confirm_scheme(
            987654, "目录", standard=False, adopted_on=ADOPTED, actor=office, on=DAY
        ),
        "propose": lambda: actions.propose(987654, "add", {}, "理由", actor=office, on=DAY),
        "propose for a line of nothing": lambda: actions.propose(
            scheme.pk, "end", {}, "理由", actor=office, on=DAY, line=987654
        ),
        "propose for what is no number": lambda: actions.propose(
            scheme.pk, "add", {"level1": "甲", "owners": ["教育局"]}, "理由", actor=office, on=DAY
        ),
        "decide": lambda: actions.decide(987654, True, actor=office, on=DAY),
        "end_scheme": lambda: actions.end_scheme(987654, actor=office, on=DAY),
    }
    for name, act in calls.items():
        try:
            with transaction.atomic():
                act()
            wrong.append(f"{name}: done")
        except Refused:
            pass
        except Exception as error:
            wrong.append(f"{name}: {type(error).__name__} {error}")
    assert not wrong


# Adjustment by proposal


def test_a_section_proposes_and_the_authority_decides(county: County, draft: SchemeDraft) -> None:
    scheme, orgs = confirmed(county, draft), county.orgs
    section, office = county.who("section"), county.who("office")
    values = {"level1": "招生", "limit_text": "每年6月底前公开", "owners": [orgs["schools"]], "kinds": ["notice"]}
    added = actions.propose(scheme.pk, "add", values, "权责清单调整", actor=section, on=DAY)
    assert scheme.lines.count() == 4, "a proposal binds nothing"
    assert list(reads.pending(office)) == [added] and not reads.pending(section).exists()
    refused(lambda: actions.decide(added.pk, True, actor=section, on=DAY), "目录调整由主管部门确定")
    refused(lambda: actions.decide(added.pk, True, actor=county.who("stranger"), on=DAY), "目录调整由主管部门确定")
    refused(lambda: actions.decide(added.pk, False, actor=office, on=DAY, answer=" "), "不同意要写明原因")
    actions.decide(added.pk, True, actor=office, on=DAY)
    line = scheme.lines.get(position=5)
    assert (line.level1, line.number, line.kinds, line.since) == ("招生", "5", ["notice"], DAY)
    assert list(line.owners.values_list("organisation", "since")) == [(orgs["schools"], DAY)]
    refused(lambda: actions.decide(added.pk, False, actor=office, on=DAY, answer="晚了"), "已经办过")

    changed = actions.propose(
        scheme.pk,
        "change",
        {"limit_text": "及时公开", "content": "招生方案"},
        "依据修订",
        line=line.pk,
        actor=section,
        on=DAY,
    )
    actions.decide(changed.pk, False, actor=office, on=DAY, answer="依据没有修订")
    line.refresh_from_db()
    assert (line.limit_text, line.content) == ("每年6月底前公开", "")
    again = actions.propose(
        scheme.pk,
        "change",
        {"limit_text": "及时公开", "content": "招生方案"},
        "依据修订",
        line=line.pk,
        actor=section,
        on=DAY,
    )
    actions.decide(again.pk, True, actor=office, on=DAY)
    line.refresh_from_db()
    assert (line.limit_text, line.content, line.limit["kind"]) == ("及时公开", "招生方案", "promptly")

    ended = actions.propose(scheme.pk, "end", {}, "职能划出", line=line.pk, actor=section, on=DAY)
    later = dt.date(2026, 5, 6)
    actions.decide(ended.pk, True, actor=office, on=later)
    line.refresh_from_db()
    assert line.until == later
    assert line in reads.lines(scheme, dt.date(2026, 5, 5)) and line not in reads.lines(scheme, later)
    assert not [o for o in reads.duties() if o.title == "招生"], "what has ended owes nothing"
    refused(lambda: actions.propose(scheme.pk, "end", {}, "再来", line=line.pk, actor=section, on=later), "已经停用")
    history = [(p.verb, p.accepted, p.answer) for p in scheme.proposals.order_by("pk")]
    assert history == [("add", True, ""), ("change", False, "依据没有修订"), ("change", True, ""), ("end", True, "")]
    said = [v for s, v in verbs() if s == "scheme"]
    assert said == ["adopt", "propose", "accept", "propose", "decline", "propose", "accept", "propose", "accept"]


def test_who_may_propose(county: County, draft: SchemeDraft) -> None:
    """For a line: those who owe it, and the 主管部门. For a new one: those who are to owe it."""
    scheme = confirmed(county, draft)
    lines = {n: scheme.lines.get(position=n).pk for n in (1, 4)}
    may = {
        ("section", 1): True,
        ("bureau", 1): True,
        ("money", 1): False,
        ("money", 4): True,
        ("section", 4): True,
        ("office", 1): True,
        ("stranger", 1): False,
        ("nobody", 1): False,
    }
    for (who, line), allowed in may.items():
        with transaction.atomic():
            given: dict[str, Any] = {"line": lines[line], "actor": county.who(who), "on": DAY}
            act = partial(actions.propose, scheme.pk, "end", {}, "不再公开", **given)
            if allowed:
                act()
            else:
                refused(act, "目录调整由公开主体提出")
            transaction.set_rollback(True)
    values = {"level1": "经费", "owners": [county.orgs["money"]]}
    refused(
        lambda: actions.propose(scheme.pk, "add", values, "新增", actor=county.who("section"), on=DAY),
        "目录调整由公开主体提出",
    )


def test_a_proposal_needs_its_reason_and_a_line(county: County, draft: SchemeDraft) -> None:
    scheme, section = confirmed(county, draft), county.who("section")
    owners = {"owners": [county.orgs["schools"]]}
    line = scheme.lines.get(position=1).pk

    def act(verb: str, values: dict[str, Any], reason: str = "调整", **more: Any) -> Callable[[], Any]:
        return lambda: actions.propose(scheme.pk, verb, values, reason, actor=section, on=DAY, **more)

    refused(act("add", {**owners, "level1": "甲"}, " "), "请写调整的理由")
    refused(act("add", owners), "请写公开事项")
    refused(act("burn", owners), "只能是新增、修改或停用")
    refused(act("change", owners), "没有这一行")
    refused(act("change", {"owners": [*owners["owners"], 987654]}, line=line), "不存在的单位")
    refused(act("change", {"kinds": ["poem"]}, line=line), "信息种类")


def test_a_line_ends_once(county: County, draft: SchemeDraft) -> None:
    """Two proposals to end one line: what was ended in May does not bind until June because the second was accepted."""
    scheme, office, section = confirmed(county, draft), county.who("office"), county.who("section")
    line = scheme.lines.get(position=1)
    first, second = (
        actions.propose(scheme.pk, "end", {}, "职能划出", line=line.pk, actor=section, on=DAY) for _ in range(2)
    )
    actions.decide(first.pk, True, actor=office, on=dt.date(2026, 5, 6))
    with suppress(Refused):
        actions.decide(second.pk, True, actor=office, on=dt.date(2026, 6, 6))
    line.refresh_from_db()
    assert line.until == dt.date(2026, 5, 6)


def test_a_line_that_ended_is_not_changed_by_what_was_proposed_before(county: County, draft: SchemeDraft) -> None:
    scheme, office, section = confirmed(county, draft), county.who("office"), county.who("section")
    line = scheme.lines.get(position=1)
    change = actions.propose(scheme.pk, "change", {"level2": "改"}, "修订", line=line.pk, actor=section, on=DAY)
    end = actions.propose(scheme.pk, "end", {}, "职能划出", line=line.pk, actor=section, on=DAY)
    actions.decide(end.pk, True, actor=office, on=DAY)
    refused(lambda: actions.decide(change.pk, True, actor=office, on=DAY), "停用")


def test_a_new_directory_replaces_the_old_on_its_day(county: County, draft: SchemeDraft) -> None:
    """Adopted in March to hold from July: until then the old one binds, from then on the new one."""
    old = begun(county, "按月公开")
    july = dt.date(2026, 7, 1)
    new = confirmed(county, draft, adopted_on=july, replaces=old.pk)
    assert {o.sheet for o in reads.duties()} >= {old.pk}
    assert old in reads.visible(None)
    with on_day(july):
        assert {o.sheet for o in reads.duties()} == {new.pk}
        assert list(reads.visible(None)) == [new]


def test_an_ended_directory_owes_nothing(county: County) -> None:
    scheme = begun(county, "按月公开")
    assert len(list(reads.duties())) == 1
    refused(lambda: actions.end_scheme(scheme.pk, actor=county.who("section"), on=DAY), "目录调整由主管部门确定")
    actions.end_scheme(scheme.pk, actor=county.who("office"), on=DAY, reason="重新编制")
    assert list(reads.duties()) == [] and not reads.visible(None).exists()
    refused(lambda: actions.end_scheme(scheme.pk, actor=county.who("office"), on=DAY), "已经停用")


# What lines owe


def begun(county: County, limit: str, *, since: dt.date = ADOPTED, **more: Any) -> Scheme:
    """A scheme by hand with one line of the education bureau, which asks for notices."""
    office = county.who("office")
    scheme = actions.begin_scheme(county.orgs["root"], "目录", standard=False, adopted_on=since, actor=office, on=since)
    values = {"level1": "通知", "limit_text": limit, "owners": [county.orgs["schools"]], "kinds": ["notice"], **more}
    made = actions.propose(scheme.pk, "add", values, "编制", actor=office, on=since)
    actions.decide(made.pk, True, actor=office, on=since)
    return scheme


def notice(county: County, formed: str, title: str = "招生公告", **more: object) -> Record:
    values: dict[str, object] = {"title": title, "formed": formed, "source": "县教育局", "body": "正文。", **more}
    values["fields"] = {"notice_type": "公告"}
    clerk = county.who("section")
    return records.begin_record("notice", county.orgs["schools"], values, actor=clerk, on=DAY)


def owed() -> Owed:
    (one,) = reads.duties()
    return one


def dates(day: dt.date = DAY) -> list[str]:
    with on_day(day):
        return [str(o.due) if o.due else o.waits for o in owed().occurrences]


def only(day: dt.date = DAY) -> Occurrence:
    with on_day(day):
        (one,) = owed().occurrences
        return one


MONTHS = ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"]
TENTH = [f"{m:02}-10" for m in range(1, 13)]
FIXED: list[tuple[str, list[str]]] = [
    ("按季度公开", ["03-31", "06-30", "09-30", "12-31"]),
    ("每季度更新一次", ["03-31", "06-30", "09-30", "12-31"]),
    ("按季度及时公开", ["03-31", "06-30", "09-30", "12-31"]),
    ("按月", MONTHS),
    ("按半年", ["06-30", "12-31"]),
    ("按年", ["12-31"]),
    ("每年3月31日前", ["03-31"]),
    ("每年6月底前公开", ["06-30"]),
    ("每年第一季度", ["03-31"]),
    ("每年2月底前", ["02-28"]),
    ("每年年底前", ["12-31"]),
    ("次年1月31日前", ["01-31"]),
    ("每月10日前", TENTH),
    ("每季度终了后15日内", ["04-15", "07-15", "10-15"]),
]


@pytest.mark.parametrize(("limit", "wanted"), FIXED, ids=[limit for limit, _ in FIXED])
def test_what_comes_back_each_period(county: County, limit: str, wanted: list[str]) -> None:
    begun(county, limit)
    # The last three months of 2025 end before the line binds: what the first quarter of 2026 tells of is 2026's.
    assert dates() == [f"2026-{d}" for d in wanted]
    clocks = [o.clock for o in owed().occurrences]
    assert len(set(clocks)) == len(clocks)


def test_periods_begin_with_the_line_and_go_on_next_year(county: County) -> None:
    begun(county, "按季度公开", since=dt.date(2026, 5, 6))
    assert dates(dt.date(2026, 5, 6)) == ["2026-06-30", "2026-09-30", "2026-12-31"]
    assert dates(dt.date(2027, 1, 4))[-1] == "2027-12-31" and len(dates(dt.date(2027, 1, 4))) == 7
    first = owed().occurrences[0]
    assert (first.label, first.opens) == ("2026年第二季度", dt.date(2026, 4, 1))


def test_a_day_of_the_year_that_has_passed_waits_for_the_next(county: County) -> None:
    begun(county, "每年3月31日前", since=dt.date(2026, 5, 6))
    assert dates(dt.date(2026, 5, 6)) == ["第一个公开期还没有开始"]
    assert dates(dt.date(2027, 1, 4)) == ["2027-03-31"]


def test_of_which_year_a_report_tells(county: County) -> None:
    begun(county, "次年1月31日前")
    assert only().label == "2025年度"


# Formed on Monday 21 September 2026.
FORMED: list[tuple[str, str]] = [
    ("信息形成或者变更之日起20个工作日内", "2026-10-26"),  # law test vector: over 中秋 and 国庆, 10月10日 worked
    ("自作出行政处罚决定之日起七个工作日内", "2026-10-08"),
    ("信息形成或变更之日起3个工作日内", "2026-09-24"),
    ("财政部门批复后二十日内", "2026-10-12"),  # the 20th day is Sunday 11 October
    ("文件印发之日起1个月内", "2026-10-21"),
    ("决定作出后一周内", "2026-09-28"),
    ("信息形成后24小时内", "2026-09-22"),
    ("及时公开", "2026-10-26"),
    ("实时公开", "2026-10-26"),
    ("变更后及时更新", "2026-10-26"),
    ("长期公开，变更后及时更新", "2026-10-26"),
    ("及时公开，公告期限为5个工作日", "2026-10-26"),
    ("每年公开一次，信息形成之日起20个工作日内", "2026-10-26"),
]


@pytest.mark.parametrize(("limit", "wanted"), FORMED, ids=[limit for limit, _ in FORMED])
def test_what_runs_from_formation(county: County, limit: str, wanted: str) -> None:
    """Without a record it waits; a draft that says when it was formed is owed by a day."""
    begun(county, limit)
    waiting = only()
    assert (waiting.due is None and "还没有登记形成的信息" in waiting.waits) or limit.startswith("长期")
    record = notice(county, "2026-09-21")
    one = only(dt.date(2026, 9, 22))
    assert (str(one.due), one.opens, one.label) == (wanted, dt.date(2026, 9, 21), "招生公告")
    assert one.clock == f"f{record.pk}" and not one.waits and not one.provisional


@pytest.mark.parametrize("limit", ["及时公开", "实时公开", "变更后及时更新"])
def test_promptly_is_bounded_by_article_26(county: County, limit: str) -> None:
    begun(county, limit)
    notice(county, "2026-09-21")
    assert only(dt.date(2026, 9, 22)).basis == "《政府信息公开条例》第二十六条"


@pytest.mark.parametrize("limit", ["长期公开", "常年公开"])
def test_standing_has_no_date(county: County, limit: str) -> None:
    begun(county, limit)
    assert only().due is None and only().waits == "长期公开，没有日期；公开以后即为落实"
    notice(county, "2026-02-27")
    assert only().due is None


@pytest.mark.parametrize("limit", ["", "按规定时限公开", "视情况而定"])
def test_what_is_not_written_waits_for_its_owner(county: County, limit: str) -> None:
    begun(county, limit)
    assert only().due is None and only().waits == "时限没有写明，请公开主体确定"


@pytest.mark.parametrize("limit", ["每周更新", "听证会召开前7日", "公示期不少于7天"])
def test_a_limit_without_a_date_is_not_called_unwritten(county: County, limit: str) -> None:
    """It is written, only no date comes of it: the page must not say of it what is not true."""
    begun(county, limit)
    assert only().due is None
    assert only().waits not in ("时限没有写明，请公开主体确定", "第一个公开期还没有开始")


def test_what_is_owed_is_said_as_printed(county: County) -> None:
    scheme = begun(county, "按季度公开", level2="招生")
    one = owed()
    assert (one.source, one.sheet, one.year, one.title, one.basis) == (
        "scheme",
        scheme.pk,
        2026,
        "通知 › 招生",
        "《目录》第1项",
    )
    assert one.body == county.orgs["schools"] and one.bearers == {(county.orgs["schools"], "lead"): False}
    assert one.source_id == LineOwner.objects.get().pk


def test_which_records_count(county: County) -> None:
    """Of this body, of this kind, formed since the line binds, meant for the public; each once."""
    begun(county, "及时公开")
    notice(county, "2025-12-31", "以前的")
    notice(county, "2026-03-02", "内部的", audience="internal", audience_basis="第十六条", review_on="2027-03-01")
    clerk = county.who("section")
    other = {
        "title": "动态",
        "formed": "2026-03-02",
        "source": "县教育局",
        "body": "文",
        "fields": {"news_type": "要闻"},
    }
    records.begin_record("news", county.orgs["schools"], other, actor=clerk, on=DAY)
    records.begin_record("notice", county.orgs["basic"], {**other, "fields": {}}, actor=clerk, on=DAY)
    assert only().due is None
    record = notice(county, "2026-03-02")
    assert dates() == ["2026-03-30"]
    version = records.submit(record.pk, actor=clerk, on=DAY)
    assert dates() == ["2026-03-30"], "before the gates it is owed as before"
    records.recall(version.pk, actor=clerk, on=DAY)
    assert Draft.objects.filter(record=record).exists() and Version.objects.filter(record=record).exists()
    assert dates() == ["2026-03-30"], "a draft beside its version that was taken back counts once"
    records.drop_draft(record.pk, actor=clerk, on=DAY)
    assert only().due is None
    notice(county, "2026-04-01", "第二件")
    notice(county, "2026-03-31", "第一件")
    assert dates() == ["2026-04-29", "2026-04-30"]
    assert [o.label for o in owed().occurrences] == ["第一件", "第二件"]


def test_each_owner_owes_for_itself(county: County) -> None:
    orgs = county.orgs
    begun(county, "及时公开", owners=[orgs["schools"], orgs["money"]])
    notice(county, "2026-09-21")
    with on_day(dt.date(2026, 9, 22)):
        got = {o.body: [str(x.due) for x in o.occurrences] for o in reads.duties()}
    assert got == {orgs["schools"]: ["2026-10-26"], orgs["money"]: ["None"]}


def test_only_what_is_owed_on_ones_own_motion(county: County) -> None:
    """依申请 alone asks for nothing until somebody asks."""
    begun(county, "及时公开", proactive="", on_request="1")
    assert list(reads.duties()) == []


def test_another_owner_takes_a_line_over(county: County) -> None:
    scheme, office, orgs = begun(county, "按月"), county.who("office"), county.orgs
    line = scheme.lines.get()
    values = {"owners": [orgs["money"]]}
    made = actions.propose(scheme.pk, "change", values, "职能划转", line=line.pk, actor=office, on=DAY)
    actions.decide(made.pk, True, actor=office, on=DAY)
    one = owed()
    assert one.body == orgs["money"]
    assert [str(o.due) for o in one.occurrences][:2] == ["2026-03-31", "2026-04-30"], "from the day it took it over"


def test_a_changed_limit_binds_from_the_day_it_was_accepted(county: County) -> None:
    """Yearly until July, monthly from then on: nobody owes the months from January all at once."""
    scheme, office = begun(county, "按年"), county.who("office")
    july = dt.date(2026, 7, 6)
    made = actions.propose(
        scheme.pk, "change", {"limit_text": "按月"}, "提高频次", line=scheme.lines.get().pk, actor=office, on=july
    )
    actions.decide(made.pk, True, actor=office, on=july)
    assert dates(july) == ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31"]


def test_duties_of_some_owners_and_some_schemes(county: County) -> None:
    first, second = begun(county, "按月"), begun(county, "按年")
    assert {o.sheet for o in reads.duties()} == {first.pk, second.pk}
    assert {o.sheet for o in reads.duties(schemes=[second.pk])} == {second.pk}
    mine = LineOwner.objects.get(line__scheme=first)
    assert {o.source_id for o in reads.duties(owners=[mine.pk])} == {mine.pk}
    assert list(reads.duties(owners=[])) == []
