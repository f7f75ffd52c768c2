"""`gongkai case play`: a case written down as steps, played by the same actions; what it prints is typed here by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gongkai.cases import playing
from gongkai.cases.life import CHANNELS
from gongkai.cases.stories import PLAYED

TODAY = dt.date(2026, 11, 22)


def story(text: str, body: str = "department", applicant: str = "natural") -> dict[str, Any]:
    """`2026-03-02 receive channel=in_person; 03-09 decide outcome=other`: the year of the first day where none is told."""
    steps = []
    for part in text.split(";"):
        on, verb, *more = part.split()
        step: dict[str, Any] = {"on": on if len(on) == 10 else f"{text[:4]}-{on}", "verb": verb}
        for word in more:
            name, value = word.split("=")
            step[name] = {"true": True, "false": False}.get(value, int(value) if value.isdecimal() else value)
            if name.endswith(("_on", "_by")) and len(value) == 5:
                step[name] = f"{text[:4]}-{value}"
        steps.append(step)
    return {"body": {"kind": body}, "applicant": {"kind": applicant}, "steps": steps}


def play(text: str, *, as_of: str | None = None, **more: str) -> dict[str, Any]:
    day = dt.date.fromisoformat(as_of) if as_of else None
    return playing.play(story(text, **more), as_of=day, today=TODAY)


pytestmark = pytest.mark.django_db

# law.md §15.4: outcome | row | remedy since 2024 | what comes before the decision, where something must.
OUTCOMES = """
already_public    | 1   | A |
disclosed         | 1   | A |
registry_query    | 3.8 | A |
not_exist         | 4.1 | A |
not_responsible   | 4.1 | A |
needs_processing  | 4.2 | A |
still_unclear     | 4.3 | A | 03-03 ask_correction reply_by=03-06; 03-05 correction_received
petition_like     | 5.1 | A |
repeat            | 5.2 | A |
publication       | 5.3 | A |
excessive         | 5.4 | A | 03-03 ask_reasons reply_by=03-06
reconfirm         | 5.5 | A |
lapsed_correction | 6.1 | A | 03-03 ask_correction reply_by=03-06
lapsed_fee        | 6.2 | A | 03-03 fee_notice basis=pages amount=700
other             | 6.3 | A |
"""
# §15.2: ground | row of a refusal; a refusal and what is withheld in part go to reconsideration first since 2024.
GROUNDS = """
state_secret  | 3.1 |
law_forbidden | 3.2 |
safety        | 3.3 |
third_party   | 3.4 | 03-03 ask_third_party served_on=03-03; 03-06 third_party_replied agrees=false
internal      | 3.5 |
process       | 3.6 |
enforcement   | 3.7 |
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def decided(year: int, before: str, decision: str, day: str = "04-25") -> str:
    parts = [f"{year}-03-01 receive channel=in_person", before, f"{day} decide reason=按规定办理 {decision}"]
    return "; ".join(p for p in [*parts, f"{day} deliver channel=in_person"] if p)


@pytest.mark.parametrize("year", [2023, 2026])
@pytest.mark.parametrize(("code", "row", "remedy", "before"), rows(OUTCOMES))
def test_every_outcome(code: str, row: str, remedy: str, before: str, year: int) -> None:
    told = play(decided(year, before, f"outcome={code}"))
    assert told["refused"] == []
    assert (told["state"], told["outcome"], told["report_row"]) == ("closed", code, row)
    assert told["remedy"] == remedy  # before 2024 as after: only refusals changed
    kinds = [x["kind"] for x in told["letters"]]
    assert kinds[0] == "registration"
    assert "approval" in kinds
    assert kinds[-1] == "service"


@pytest.mark.parametrize("year", [2023, 2024, 2026])
@pytest.mark.parametrize("outcome", ["refused", "partial"])
@pytest.mark.parametrize(("ground", "row", "before"), rows(GROUNDS))
def test_every_ground(ground: str, row: str, before: str, outcome: str, year: int) -> None:
    part = str(outcome == "partial").lower()
    told = play(decided(year, before, f"outcome={outcome} ground={ground} separable={part}"))
    assert told["refused"] == []
    assert (told["outcome"], told["report_row"]) == (outcome, "2" if outcome == "partial" else row)
    assert told["remedy"] == ("A" if year == 2023 else "B")


def test_the_remedy_changed_with_the_year_of_the_decision() -> None:
    late = "2023-12-20 receive channel=in_person; {} decide outcome=refused ground=safety separable=false reason=理由"
    assert play(late.format("2023-12-29"))["remedy"] == "A"
    assert play(late.format("2024-01-02"))["remedy"] == "B"


# §15.4 reconsideration_organ, by the kind of body; the second is the law before 2024.
ORGANS = [
    ("department", "本级人民政府", "本级人民政府或者上一级主管部门"),
    ("county", "上一级地方人民政府", "上一级地方人民政府"),
    ("township", "上一级地方人民政府", "上一级地方人民政府"),
    ("street", "设立它的本级人民政府", "设立它的本级人民政府"),
    ("vertical", "上一级主管部门", "上一级主管部门"),
]


@pytest.mark.parametrize(("body", "since", "before"), ORGANS)
def test_who_reconsiders(body: str, since: str, before: str) -> None:
    assert {b for b, *_ in ORGANS} == set(playing.BODIES)
    for year, phrase in ((2026, since), (2023, before)):
        told = play(decided(year, "", "outcome=not_exist"), body=body)
        assert told["refused"] == []
        assert told["reconsideration_organ"] == phrase
    assert play("2026-03-02 receive channel=in_person", body=body)["reconsideration_organ"] == since


@pytest.mark.parametrize("channel", list(CHANNELS))
def test_the_online_channel_is_told_where_the_answer_went_online(channel: str) -> None:
    text = "{0}-03-02 receive channel=in_person; 03-09 decide outcome=disclosed reason=附后; 03-10 deliver channel={1}"
    assert play(text.format(2026, channel))["online_channel_required"] is (channel == "internet")
    assert play(text.format(2023, channel))["online_channel_required"] is False


@pytest.mark.parametrize(
    ("receive", "received"),
    [
        ("channel=in_person", "2026-03-02"),
        ("channel=mail_signed", "2026-03-02"),
        ("channel=mail_unsigned confirmed_on=03-04", "2026-03-04"),
        ("channel=internet confirmed_on=03-03", "2026-03-03"),
        ("channel=fax confirmed_on=03-05", "2026-03-05"),
        ("channel=internet", None),
    ],
)
def test_the_day_of_receipt(receive: str, received: str | None) -> None:
    told = play(f"2026-03-02 receive {receive}")
    assert told["received"] == received
    assert (told["due"] is None) == (received is None)
    assert told["state"] == ("open" if received else "submitted")


LIVES = [
    # story | state, due, days left, overdue, outcome, row, remedy, fee: typed by hand from the calendar of test_dates
    (
        "2021-09-24 receive channel=in_person",
        {"state": "open", "received": "2021-09-24", "due": "2021-10-27", "provisional": False, "overdue": True},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-11 ask_correction reply_by=03-31; 03-20 correction_received",
        {"state": "open", "due": "2026-04-20"},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-03 ask_correction reply_by=03-20; 03-23 correction_lapsed",
        {"state": "lapsed", "outcome": "lapsed_correction", "report_row": "6.1", "remedy": "A", "days_left": None},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-09 ask_third_party served_on=03-10; 03-18 third_party_replied agrees=true",
        {"state": "open", "due": "2026-04-09"},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-12 ask_co_producer served_on=03-12; 03-19 co_producer_replied agrees=true",
        {"state": "open", "due": "2026-04-07"},  # 3-6 9-12 (8) 20 (9) 23-27 (14) 30 31 (16) 4月1-3 (19) 7 (20)
    ),
    (
        "2026-03-02 receive channel=in_person; 03-27 approve_extension days=20; 03-30 notify_extension",
        {"state": "open", "due": "2026-04-28"},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-20 fee_notice basis=pages amount=700",
        {"state": "fee", "fee": 700, "due": "2026-03-30", "days_left": None, "overdue": False},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-20 fee_notice basis=pages amount=700; 03-31 fee_paid",
        {"state": "open", "fee": 700, "due": "2026-04-29"},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-20 fee_notice basis=pieces amount=2000; 04-21 fee_lapsed; 04-21 archive",
        {"state": "archived", "outcome": "lapsed_fee", "report_row": "6.2", "remedy": "A", "fee": 2000},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-05 withdraw",
        {"state": "closed", "outcome": "other", "report_row": "6.3", "remedy": "none", "overdue": False},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-09 decide outcome=refused ground=process separable=false reason=过程稿; "
        "03-10 deliver channel=mail_signed; 03-11 complain; 04-01 reconsider; 06-01 reconsidered result=corrected; "
        "06-10 sue; 11-01 judged result=upheld; 11-02 archive",
        {"state": "archived", "outcome": "refused", "report_row": "3.6", "remedy": "B", "overdue": False},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-30 decide outcome=disclosed reason=附后; 03-31 deliver channel=in_person",
        {"state": "closed", "due": "2026-03-30", "overdue": True},
    ),
    (  # 第三十二条、第三十四条 bear on what is disclosed and on 第十五条; a state secret is refused without waiting
        "2026-03-02 receive channel=in_person; 03-05 ask_third_party served_on=03-06; 03-05 ask_co_producer served_on=03-06; "
        "03-09 decide outcome=refused ground=state_secret separable=false reason=已定密",
        {"state": "decided", "outcome": "refused", "report_row": "3.1", "remedy": "B"},
    ),
    (  # the silence was reconsidered, then an answer came: it is another act, with periods of its own (行政诉讼法第四十六条)
        "2026-03-02 receive channel=in_person; 04-01 reconsider; 04-20 reconsidered result=corrected; "
        "05-20 decide outcome=not_exist reason=没有制作; 05-21 deliver channel=in_person; 06-22 sue",
        {"state": "closed", "remedy": "A", "overdue": True},
    ),
    (
        "2026-03-02 receive channel=in_person; 03-31 reconsider; 04-08 decide outcome=not_exist reason=没有制作; "
        "04-09 deliver channel=in_person; 04-20 reconsider",
        {"state": "closed", "remedy": "A"},
    ),
    (  # the online channel is told with what is delivered online, by the law on that day (行政复议法第二十二条, 2024年起)
        "2023-12-15 receive channel=in_person; 2023-12-29 decide outcome=refused ground=internal separable=false reason=内部; "
        "2024-01-03 deliver channel=internet",
        {"remedy": "A", "online_channel_required": True},
    ),
    (  # nobody confirms: that is what complaints are about (第四十七条)
        "2026-03-02 receive channel=internet; 03-20 complain",
        {"state": "submitted", "due": None},
    ),
    (
        "2026-12-14 receive channel=in_person",
        {"state": "open", "due": "2027-01-11", "provisional": True, "days_left": 20, "overdue": False},
    ),
    (
        "2026-11-19 receive channel=in_person",
        {"state": "open", "due": "2026-12-17", "days_left": 19, "overdue": False},  # Sunday 22nd: 20 was one of twenty
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), LIVES, ids=[t[:70] for t, _ in LIVES])
def test_where_a_case_stands(text: str, wanted: dict[str, Any]) -> None:
    told = play(text)
    assert told["refused"] == []
    assert {name: told[name] for name in wanted} == wanted


def test_every_verb_of_a_story_is_played_somewhere() -> None:
    played = {s["verb"] for text, _ in LIVES for s in story(text)["steps"]}
    assert set(PLAYED) - {"decide"} <= played | {"decide"}


REFUSED = [
    # story | the rule that refuses its last step
    ("2026-03-02 decide outcome=other reason=理由", "state"),
    ("2026-03-02 receive channel=pigeon", "receive.channel"),
    ("2026-03-02 receive channel=internet confirmed_on=03-01", "receive.confirmed"),
    ("2019-05-14 receive channel=in_person", "clock"),
    ("2026-03-02 receive channel=in_person; 03-02 receive channel=in_person", "state"),
    ("2026-03-02 receive channel=in_person; 03-01 withdraw", "order"),
    ("2026-03-02 receive channel=internet; 03-03 ask_correction reply_by=03-20", "state"),
    ("2026-03-02 receive channel=in_person; 03-12 ask_correction reply_by=03-31", "correction.period"),
    ("2026-03-02 receive channel=in_person; 03-03 ask_correction reply_by=03-03", "correction.reply_by"),
    (
        "2026-03-02 receive channel=in_person; 03-03 ask_correction reply_by=03-20; 03-04 correction_received; "
        "03-05 ask_correction reply_by=03-20",
        "correction.once",
    ),
    (
        "2026-03-02 receive channel=in_person; 03-03 ask_correction reply_by=03-20; 03-20 correction_lapsed",
        "correction.not_lapsed",
    ),
    ("2026-03-02 receive channel=in_person; 03-30 approve_extension days=21", "extension.days"),
    ("2026-03-02 receive channel=in_person; 03-31 approve_extension days=20", "extension.period"),
    ("2026-03-02 receive channel=in_person; 03-20 notify_extension", "extension.approval"),
    (
        "2026-03-02 receive channel=in_person; 03-20 approve_extension days=5; 03-31 notify_extension",
        "extension.period",
    ),
    ("2026-03-02 receive channel=in_person; 03-20 third_party_replied agrees=true", "consultation.none"),
    ("2026-03-02 receive channel=in_person; 03-20 fee_notice basis=both amount=700", "fee.basis"),
    ("2026-03-02 receive channel=in_person; 03-20 fee_notice basis=pages amount=5", "fee.amount"),
    ("2026-03-02 receive channel=in_person; 03-31 fee_notice basis=pages amount=700", "fee.period"),
    (
        "2026-03-02 receive channel=in_person; 03-20 fee_notice basis=pages amount=700; 03-23 fee_paid; "
        "03-24 fee_notice basis=pieces amount=100",
        "fee.both",
    ),
    (
        "2026-03-02 receive channel=in_person; 03-20 fee_notice basis=pages amount=700; 04-20 fee_lapsed",
        "fee.not_lapsed",
    ),
    (  # twenty working days from 3月20日 end on 4月20日; after them the request is given up
        "2026-03-02 receive channel=in_person; 03-20 fee_notice basis=pages amount=700; 04-21 fee_paid",
        "fee.late",
    ),
    (  # the silence was reconsidered, the refusal was not (行政复议法第二十三条第一款第四项)
        "2026-03-02 receive channel=in_person; 03-31 reconsider; "
        "04-08 decide outcome=refused ground=internal separable=false reason=内部; 04-09 deliver channel=in_person; 04-20 sue",
        "remedy.first",
    ),
    ("2026-03-02 receive channel=in_person; 03-09 decide outcome=nothing reason=理由", "decide.outcome"),
    ("2026-03-02 receive channel=in_person; 03-09 decide outcome=refused separable=false reason=理由", "decide.ground"),
    (
        "2026-03-02 receive channel=in_person; 03-09 decide outcome=refused ground=safety reason=理由",
        "decide.separable",
    ),
    (
        "2026-03-02 receive channel=in_person; 03-09 decide outcome=refused ground=safety separable=true reason=理由",
        "decide.separable",
    ),
    ("2026-03-02 receive channel=in_person; 03-09 decide outcome=not_exist", "decide.must"),
    ("2026-03-02 receive channel=in_person; 03-09 decide outcome=still_unclear reason=理由", "decide.after_correction"),
    ("2026-03-02 receive channel=in_person; 03-09 decide outcome=lapsed_fee reason=理由", "decide.lapse"),
    (
        "2026-03-02 receive channel=in_person; 03-09 decide outcome=refused ground=third_party separable=false reason=理由",
        "third_party.ask",
    ),
    (
        "2026-03-02 receive channel=in_person; 03-03 ask_third_party served_on=03-04; "
        "03-09 decide outcome=refused ground=third_party separable=false reason=理由",
        "third_party.waiting",
    ),
    (
        "2026-03-02 receive channel=in_person; 03-03 ask_third_party served_on=03-04; 03-05 third_party_replied agrees=true; "
        "03-09 decide outcome=refused ground=third_party separable=false reason=理由",
        "third_party.agreed",
    ),
    (
        "2026-03-02 receive channel=in_person; 03-03 ask_co_producer served_on=03-04; "
        "03-09 decide outcome=disclosed reason=附后",
        "co_producer.waiting",
    ),
    ("2026-03-02 receive channel=in_person; 03-09 deliver channel=in_person", "state"),
    (
        "2026-03-02 receive channel=in_person; 03-09 decide outcome=other reason=理由; 03-09 deliver channel=pigeon",
        "deliver.channel",
    ),
    ("2026-03-02 receive channel=in_person; 03-09 reconsider", "dispute.ripe"),
    (
        "2026-03-02 receive channel=in_person; 03-09 decide outcome=refused ground=safety separable=false reason=理由; "
        "03-09 deliver channel=in_person; 03-20 sue",
        "remedy.first",
    ),
    (
        "2026-03-02 receive channel=in_person; 03-09 decide outcome=not_exist reason=理由; "
        "03-09 deliver channel=in_person; 05-09 reconsider",
        "reconsider.period",
    ),  # 60 days after 9 March: Friday 8 May
    ("2026-03-02 receive channel=in_person; 03-05 withdraw; 03-06 decide outcome=other reason=理由", "state"),
    ("2026-03-02 receive channel=in_person; 03-05 archive", "state"),
]


@pytest.mark.parametrize(("text", "rule"), REFUSED, ids=[f"{r}: {t[-50:]}" for t, r in REFUSED])
def test_a_refused_step_names_its_rule_and_changes_nothing(text: str, rule: str) -> None:
    told = play(text)
    number = text.count(";") + 1
    assert [r["rule"] for r in told["refused"] if r["step"] == number][:1] == [rule]
    assert {r["step"] for r in told["refused"]} == {number}
    said = told["refused"][0]
    assert said["verb"] == story(text)["steps"][-1]["verb"]
    assert "。" in said["say"]
    if number > 1:
        without = play(text.rsplit(";", 1)[0])
        same = ("state", "received", "due", "outcome", "report_row", "remedy", "fee")
        assert {k: told[k] for k in same} == {k: without[k] for k in same}
        assert len(told["steps"]) == len(without["steps"])
        assert [x["kind"] for x in told["letters"]] == [x["kind"] for x in without["letters"]]


def test_the_rest_is_played_on() -> None:
    told = play(
        "2026-03-02 receive channel=in_person; 03-09 decide outcome=refused ground=internal reason=理由; "
        "03-10 decide outcome=refused ground=internal separable=false reason=理由; 03-10 deliver channel=in_person"
    )
    assert [r["rule"] for r in told["refused"]] == ["decide.separable"]
    assert (told["state"], told["report_row"]) == ("closed", "3.5")


def test_as_of_a_day() -> None:
    text = (
        "2026-03-02 receive channel=in_person; 03-20 decide outcome=other reason=理由; 03-23 deliver channel=in_person"
    )
    told = play(text, as_of="2026-03-20")
    assert (told["state"], told["outcome"], told["later"], told["as_of"]) == ("decided", "other", [3], "2026-03-20")
    assert told["days_left"] == 6  # 23-27 (5) 30 (6)
    assert play(text, as_of="2026-03-31")["state"] == "closed"
    early = play(text, as_of="2026-03-01")
    assert (early["state"], early["later"]) == (None, [1, 2, 3])
    first = "2026-03-02 receive channel=in_person"
    for day, left, late in (("2026-03-30", 0, False), ("2026-03-31", -1, True), ("2026-04-07", -5, True)):
        told = play(first, as_of=day)  # 31 (1) 4月1-3 (4) 7 (5)
        assert (told["days_left"], told["overdue"]) == (left, late)


def test_each_step_is_taken_by_another_post() -> None:
    told = play(
        "2026-03-02 receive channel=in_person; 03-03 approve_extension days=5; 03-09 decide outcome=other reason=理由"
    )
    assert [s["by"].rsplit(" ", 1)[1] for s in told["steps"]] == ["戊窗口", "乙负责", "丁签发"]
