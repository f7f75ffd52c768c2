"""Beside the way of a case: proposals to publish, supervision, settings, papers, the end of personal data."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gongkai.base.clock import now, on_day
from gongkai.base.issues import Refused
from gongkai.base.models import Event, File
from gongkai.base.sealing import open_sealed, seal
from gongkai.cases import actions, board, letters, reads
from gongkai.cases.actions.letters import document
from gongkai.cases.models import Attachment, Case, Letter, Opening, Question, Setup, Template
from gongkai.law.annual import check_disputes, check_requests
from gongkai.records.models import Audience, Record, Standing, Version
from tests.cases import DAY, NATURAL, Town

pytestmark = pytest.mark.django_db
LATER = DAY + dt.timedelta(days=2)


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """What happens inside is refused by this rule."""
    with pytest.raises(Refused) as told:
        yield
    assert rule in [i.rule for i in told.value.issues], [i.rule for i in told.value.issues]


def asker(n: int) -> dict[str, str]:
    return {"name": f"申请人{n}", "id_number": f"E0000000{n}", "phone": f"1370000000{n}"}


# Proposals to publish (第四十四条)


def test_the_third_applicant_makes_a_proposal(town: Town) -> None:
    """R6: three different applicants for the same; the same person three times is nobody's wish but theirs."""
    for _ in range(3):
        town.receive(title="2025年征地补偿标准")
    assert not Opening.objects.exists()
    town.receive(title="征地补偿标准（2025年）", **asker(1))
    assert not Opening.objects.exists()
    last = town.receive(title="2025年征地补偿标准", **asker(2))
    held = Opening.objects.get()
    assert held.cases.count() == 5 and last in held.cases.all() and held.body_id == town.pk("water")
    event = Event.objects.get(verb="propose_opening")
    assert event.name == "系统" and event.person is None
    town.receive(title="2025年征地补偿标准", **asker(3))
    assert Opening.objects.get().cases.count() == 6


def test_requests_count_once_they_are_received(town: Town) -> None:
    """第三十一条第三项: what comes in over the internet is a request once both sides confirmed it."""
    made = [town.receive("internet", title="河道砂石清理方案", **asker(n)) for n in range(3)]
    assert not Opening.objects.exists()
    for case in made:
        actions.confirm(case.pk, actor=town.who("clerk"), on=DAY)
    assert Opening.objects.get().cases.count() == 3


def test_other_bodies_and_other_things_are_not_alike(town: Town) -> None:
    for n, (body, title) in enumerate((("water", "水库除险方案"), ("school", "水库除险方案"), ("water", "防汛值班表"))):
        town.receive(body=body, by="clerk" if body == "water" else "other", title=title, **asker(n))
    for n in range(3):
        town.receive(title="更正本人档案记载", purpose="amend", **asker(n))
    assert not Opening.objects.exists()


def test_a_refused_request_leaves_no_proposal(town: Town) -> None:
    for n in range(2):
        town.receive(title="水价调整方案", **asker(n))
    with transaction.atomic():
        town.receive(title="水价调整方案", **asker(2))
        assert Opening.objects.exists()
        transaction.set_rollback(True)
    assert not Opening.objects.exists()


def test_looking_for_the_same_costs_one_question(town: Town) -> None:
    """What is alike is asked for once, however many requests there are."""
    counts = []
    for n in range(8):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            town.receive(title=f"第{n}号河段划界成果", **asker(n))
        counts.append(sum("LIKE" in q["sql"] for q in asked.captured_queries))
    assert len(set(counts[1:])) == 1


def test_a_proposal_is_decided_by_its_office(town: Town) -> None:
    for n in range(3):
        town.receive(title="水资源费征收标准", **asker(n))
    opening = Opening.objects.get().pk
    for who in ("other", "counter", "signer", "authority", "handler"):
        with refused("case.run"):
            actions.decide_opening(opening, True, "", actor=town.who(who), on=LATER)
    clerk = town.who("clerk")
    with refused("opening.why"):
        actions.decide_opening(opening, False, " ", actor=clerk, on=LATER)
    with refused("opening.gone"):
        actions.decide_opening(opening + 1, True, "", actor=clerk, on=LATER)
    inside = record(town, audience=Audience.LIMITED)
    draft = record(town, standing=Standing.DRAFT)
    for wrong in (inside, draft):
        with refused("opening.record"):
            actions.decide_opening(opening, True, "", actor=clerk, on=LATER, record=wrong.pk)
    made = actions.decide_opening(opening, True, "", actor=clerk, on=LATER, record=record(town).pk)
    assert made.accepted and made.record is not None and made.decided_on == LATER


def record(town: Town, standing: str = Standing.PUBLISHED, audience: str = Audience.PUBLIC) -> Record:
    """A notice of 水利局 as it lies in the table, out or not."""
    said: dict[str, Any] = {"kind": "notice", "owner": town.orgs["water"], "title": "征收标准", "audience": audience}
    made = Record.objects.create(**said, standing=Standing.DRAFT, begun_on=DAY)
    if standing == Standing.PUBLISHED:
        version = Version.objects.create(record=made, number=1, title="征收标准", submitted_at=now(), held_since=now())
        Record.objects.filter(pk=made.pk).update(standing=standing, published=version)
    return made


# Settings and templates


def test_settings_are_looked_at_before_any_is_kept(town: Town) -> None:
    water = town.pk("water")
    for who in ("other", "counter", "signer", "handler"):
        with refused("case.settings"):
            actions.change_setup(water, {"phone": "1"}, actor=town.who(who), on=DAY)
    with refused("setup.number"):
        actions.change_setup(water, {"phone": "0599-1", "draft_days": "20"}, actor=town.who("clerk"), on=DAY)
    with refused("setup.online"):
        actions.change_setup(water, {"online_channel": "javascript:1"}, actor=town.who("clerk"), on=DAY)
    assert not Setup.objects.exists()
    for who in ("clerk", "authority"):
        actions.change_setup(water, {"prefix": who[:4], "retention_years": "5"}, actor=town.who(who), on=DAY)
    held = Setup.objects.get()
    assert held.prefix == "auth" and held.retention_years == 5 and held.draft_days == 7


def test_an_office_uses_its_own_template_until_it_goes_back(town: Town) -> None:
    water, clerk = town.pk("water"), town.who("clerk")
    with refused("case.settings"):
        actions.set_template(water, "receipt", letters.template("receipt"), actor=town.who("other"), on=DAY)
    with refused("letter.kind"):
        actions.set_template(water, "love", b"", actor=clerk, on=DAY)
    with pytest.raises(Refused):
        actions.set_template(water, "receipt", b"no document", actor=clerk, on=DAY)
    assert not Template.objects.exists()
    actions.set_template(water, "receipt", letters.template("receipt"), actor=clerk, on=DAY)
    assert Letter.objects.get(case=town.receive(), code="receipt").template == Template.objects.get()
    actions.retire_template(water, "receipt", actor=clerk, on=DAY)
    assert Letter.objects.get(case=town.receive(), code="receipt").template is None


def test_a_request_without_dates_has_its_form(town: Town) -> None:
    """An online request is entered before it counts as received; a correction of a record has no period (第四十一条)."""
    waits = town.receive("internet", **asker(1))
    assert "〔2026〕" in letters.plain_text(document(Letter.objects.get(case=waits, code="registration")))
    amend = town.receive(purpose="amend", **asker(2))
    told = letters.plain_text(document(Letter.objects.get(case=amend, code="receipt")))
    assert "收到之日为2026年3月2日。" in told and "答复期限" not in told.split("。")[2]


# Papers


def test_who_takes_in_a_request_puts_the_signed_form_to_it(town: Town) -> None:
    """第二十九条: at the counter the applicant signs what was filled in for them."""
    case = town.receive(by="counter").pk
    made = actions.attach(case, "form", "签名表.pdf", b"%PDF signed", actor=town.who("counter"), on=DAY)
    raw = (Path(settings.GONGKAI_DATA_DIR) / "files" / made.file_id[:2] / made.file_id).read_bytes()
    assert b"signed" not in raw and open_sealed(made.file_id) == b"%PDF signed"
    for kind in ("source", "supplied", "proof"):
        with refused("case.draft"):
            actions.attach(case, kind, "a.pdf", b"x", actor=town.who("counter"), on=DAY)
    with refused("case.draft"):
        actions.attach(town.receive(**asker(3)).pk, "form", "a.pdf", b"x", actor=town.who("counter"), on=DAY)
    actions.withdraw(case, actor=town.who("clerk"), on=DAY)
    with refused("case.draft"):
        actions.attach(case, "form", "a.pdf", b"x", actor=town.who("counter"), on=DAY)
    clerk = town.who("clerk")
    with refused("paper.kind"):
        actions.attach(case, "love", "a", b"x", actor=clerk, on=DAY)
    with refused("paper.empty"):
        actions.attach(case, "form", "a", b"", actor=clerk, on=DAY)
    with refused("paper.source"):
        actions.supply(case, made.pk, (), actor=clerk, on=DAY)


# Supervision


def test_questions_are_asked_by_offices_and_answered_by_the_authority(town: Town) -> None:
    water, clerk, authority = town.pk("water"), town.who("clerk"), town.who("authority")
    case = town.receive()
    with refused("case.run"):
        actions.ask_question(water, "问", "怎么办", actor=town.who("other"), on=DAY)
    with refused("question.empty"):
        actions.ask_question(water, " ", "", actor=clerk, on=DAY)
    with refused("question.outcome"):
        actions.ask_question(water, "问", "怎么办", actor=clerk, on=DAY, outcome="love")
    with refused("question.name"):
        actions.ask_question(water, "问", "林小满要的是……", actor=clerk, on=DAY, case=case.pk)
    theirs = town.receive(body="school", by="other")
    with refused("case.gone"), transaction.atomic():
        both = town.who("authority")
        actions.ask_question(town.pk("general"), "问", "怎么办", actor=leader(town, both), on=DAY, case=theirs.pk)
    held = actions.ask_question(water, "内部纪要", "怎么办", actor=clerk, on=DAY, outcome="refused", ground="internal")
    with refused("case.oversee"):
        actions.answer_question(held.pk, "可以", actor=clerk, on=DAY)
    with refused("question.answer"):
        actions.answer_question(held.pk, " ", actor=authority, on=DAY)
    school = town.who("other")
    assert not board.questions(school, ()).exists()
    actions.answer_question(held.pk, "区分处理", actor=authority, on=DAY)
    assert board.questions(school, ()).get() == held
    near = board.around(school, town.pk("school"))
    assert board.guidance(near, "refused", "internal")[0] == [held]
    assert board.guidance(near, "refused", "process")[0] == [] and board.guidance(near, "partial")[0] == []
    assert board.questions(town.who("street-clerk"), ()).exists()


def leader(town: Town, authority: Any) -> Any:
    """主管部门 of the county who is besides a clerk of its office."""
    from gongkai.orgs.models import Post, Role
    from gongkai.orgs.reads import viewer_of
    from tests.cases import FOUNDED

    person = town.people["authority"]
    Post.objects.create(person=person, organisation=town.orgs["general"], role=Role.CLERK, since=FOUNDED)
    return viewer_of(person, authority.day)


def test_the_library_holds_ended_cases_that_name_nobody(town: Town) -> None:
    authority = town.who("authority")
    case = town.receive().pk
    with refused("precedent.open"):
        actions.keep_precedent(case, "采砂许可", "公开", actor=authority, on=DAY)
    town.decide(case, "disclosed")
    actions.deliver(case, "in_person", actor=town.who("clerk"), on=DAY)
    with refused("case.oversee"):
        actions.keep_precedent(case, "采砂许可", "公开", actor=town.who("clerk"), on=DAY)
    with refused("precedent.text"):
        actions.keep_precedent(case, "采砂许可", "", actor=authority, on=DAY)
    for text in ("林小满申请的", "电话13900001234"):
        with refused("precedent.name"):
            actions.keep_precedent(case, "采砂许可", text, actor=authority, on=DAY)
    actions.keep_precedent(case, "采砂许可", "许可决定应当公开", actor=authority, on=DAY)
    again = actions.keep_precedent(case, "采砂许可决定", "许可决定应当公开", actor=authority, on=DAY)
    assert board.precedents(town.who("other")).get() == again and again.outcome == "disclosed"


def test_numbers_of_the_board_are_their_lists(town: Town) -> None:
    """Every number counts what its list holds, and the number of questions does not grow with the bodies."""
    clerk, late = town.who("clerk"), DAY + dt.timedelta(days=60)
    kept = [town.receive(**asker(n)).pk for n in range(4)]
    town.decide(kept[0], "disclosed")
    town.decide(kept[1], "refused", ground="internal", separable=False)
    for pk in kept[:2]:
        actions.deliver(pk, "in_person", actor=clerk, on=DAY)
    actions.reconsider(kept[1], actor=clerk, on=LATER, organ="县政府")
    actions.reconsidered(kept[1], "corrected", actor=clerk, on=LATER)
    town.receive("internet", **asker(5))
    town.receive(body="school", by="other", on=DAY)
    with on_day(late):
        one, _ = board.lines([town.pk("water")], 2026, late)
        with CaptureQueriesContext(connection) as few:
            board.lines([town.pk("water")], 2026, late)
        every = [o.pk for o in town.orgs.values()]
        with CaptureQueriesContext(connection) as many:
            lines, refusals = board.lines(every, 2026, late)
    assert len(few) == len(many) == 3
    assert lines[town.pk("water")] == one[town.pk("water")] and refusals == {"internal": 1}
    for pk, line in lines.items():
        for what, n in line.numbers.items():
            asked = board.question(what, 2026, late)
            assert asked is not None and Case.objects.filter(asked, body=pk).count() == n, what
    water = lines[town.pk("water")]
    told = {k: v for k, v in water.numbers.items() if v}
    assert told == {"open": 3, "late": 2, "ended": 2, "corrected": 1, "family-1": 1, "family-3": 1}
    assert water.days == 0 and lines[town.pk("school")].numbers["late"] == 1
    assert board.question("ground-internal", 2026, late) is not None
    assert board.question("ground-love", 2026, late) is None and board.question("", 2026, late) is None


# Personal data


SECRETS = ("林小满", "E12345678", "13900001234", "linxiaoman@example.cn", "桃花弄9号", "采石场旁边的鱼塘", "高度近视")


def whole_case(town: Town, **more: Any) -> int:
    """A case with everything that can name somebody: steps, answer, letters, papers, dispute, proposal, question."""
    clerk = town.who("clerk")
    values = {
        "email": SECRETS[3],
        "address": SECRETS[4],
        "asked": SECRETS[5],
        "title": f"{SECRETS[5]}征收",
        "help": SECRETS[6],
    }
    case = town.receive(**{**values, **more}).pk
    actions.attach(case, "identity", f"{SECRETS[0]}身份证.jpg", "林小满".encode() * 9, actor=clerk, on=DAY)
    original = actions.attach(case, "source", "原件.txt", "给林小满".encode(), actor=clerk, on=DAY)
    actions.supply(case, original.pk, (), actor=clerk, on=DAY)
    actions.reveal(case, "核对邮寄地址", actor=clerk, on=DAY)
    actions.ask_third_party(case, "林小满的邻居", "鱼塘", actor=clerk, on=DAY)
    actions.third_party_replied(case, True, actor=clerk, on=DAY, reasons="林小满说可以")
    town.decide(case, "disclosed")
    actions.deliver(case, "in_person", actor=clerk, on=DAY, proof="林小满签收")
    actions.complain(case, actor=clerk, on=DAY, note="林小满投诉")
    actions.complaint_ended(case, actor=clerk, on=LATER, note="已经答复林小满")
    actions.archive(case, actor=town.who("clerk", LATER), on=LATER)
    for letter in Letter.objects.filter(case=case):
        document(letter)
    return case


def dump() -> str:
    """Every column of every table as the program reads it, and every file of the data folder opened."""
    out = []
    for model in apps.get_models():
        for row in model._default_manager.all().values():
            out.append(json.dumps(row, ensure_ascii=False, default=str))
    for file in File.objects.all():
        try:
            out.append(open_sealed(file.digest).decode("utf-8", "replace"))
        except Refused:
            out.append(file.name)
    return "\n".join(out)


@pytest.mark.django_db(transaction=True)
def test_erasing_leaves_the_statistics_and_nothing_of_the_person(town: Town) -> None:
    case = whole_case(town)
    town.receive(**asker(1), title=f"{SECRETS[5]}征收")
    town.receive(**asker(2), title="鱼塘征收采石场旁边")
    before = dump()
    assert all(s in before for s in SECRETS)
    files = {f.digest for f in File.objects.all()}
    annual = reads.annual(2026, town.pk("water"))
    clerk = town.who("clerk", dt.date(2036, 3, 4))
    with refused("erase.term"):
        actions.erase(case, actor=town.who("clerk", dt.date(2036, 3, 3)), on=dt.date(2036, 3, 3))
    assert not reads.erasable(clerk, dt.date(2036, 3, 3)).exists()
    assert reads.erasable(clerk, clerk.day).get().pk == case
    for who in ("other", "counter", "authority", "handler", "signer"):
        with refused("case.run"):
            actions.erase(case, actor=town.who(who, clerk.day), on=clerk.day)
        assert not reads.erasable(town.who(who, clerk.day), clerk.day).exists()
    actions.erase(case, actor=clerk, on=clerk.day)
    assert reads.annual(2026, town.pk("water")) == annual
    assert not check_requests(annual.requests) and not check_disputes(annual.disputes)
    held = Case.objects.get(pk=case)
    assert held.applicant_mark == "" and held.number and held.erased_on == clerk.day
    with refused("erase.done"):
        actions.erase(case, actor=clerk, on=clerk.day)
    with refused("reveal.erased"):
        actions.reveal(case, "再看一看", actor=clerk, on=clerk.day)
    # The two others asked for the same in their own words: what they wrote stays theirs.
    Case.objects.filter(pk__gt=case).update(title="别的", asked="别的")
    Letter.objects.exclude(case=case).update(fields="{}")
    Opening.objects.update(title="别的", words="别的")
    after = dump()
    assert [s for s in SECRETS if s in after] == []
    gone = files - {f.digest for f in File.objects.all()}
    assert gone and Attachment.objects.filter(case=case).count() == 0
    root = Path(settings.GONGKAI_DATA_DIR) / "files"
    assert [d for d in gone if (root / d[:2] / d).exists()] == []


def test_a_proposal_takes_its_title_from_those_who_are_left(town: Town) -> None:
    first = whole_case(town)
    others = [town.receive(**asker(n), title=f"{SECRETS[5]}征收（{n}）") for n in (1, 2)]
    held = Opening.objects.get()
    Opening.objects.update(title=Case.objects.get(pk=first).title)
    on = dt.date(2036, 3, 4)
    actions.erase(first, actor=town.who("clerk", on), on=on)
    held.refresh_from_db()
    assert held.title == others[0].title
    Opening.objects.filter(pk=held.pk).update(title="x", words="x")
    Case.objects.exclude(pk=first).update(erased_on=on)
    from gongkai.cases.actions.privacy import _titles

    _titles(others[0])
    held.refresh_from_db()
    assert (held.title, held.words) == ("（已删除）", "")


def test_the_term_is_the_office_s_and_runs_from_the_last_end(town: Town) -> None:
    """A dispute that ended later begins the term anew; what went on as another case ended with that step."""
    clerk = town.who("clerk")
    case = town.receive().pk
    with refused("erase.state"):
        actions.erase(case, actor=clerk, on=DAY)
    actions.withdraw(case, actor=clerk, on=DAY)
    actions.archive(case, actor=clerk, on=DAY)
    joined, into = (town.receive("internet", **asker(7)).pk for _ in range(2))
    actions.join(joined, into, actor=clerk, on=DAY)
    actions.change_setup(town.pk("water"), {"retention_years": "1"}, actor=clerk, on=DAY)
    for day, expected in ((dt.date(2027, 3, 1), set()), (dt.date(2027, 3, 2), {case, joined})):
        assert set(reads.erasable(town.who("clerk", day), day).values_list("pk", flat=True)) == expected
        for pk in (case, joined):
            if pk not in expected:
                with refused("erase.term"):
                    actions.erase(pk, actor=town.who("clerk", day), on=day)
    actions.complain(case, actor=clerk, on=LATER)
    day = dt.date(2027, 6, 1)
    assert set(reads.erasable(town.who("clerk", day), day).values_list("pk", flat=True)) == {joined}
    with refused("erase.dispute"):
        actions.erase(case, actor=town.who("clerk", day), on=day)
    actions.complaint_ended(case, actor=clerk, on=dt.date(2026, 9, 1))
    with refused("erase.term"):
        actions.erase(case, actor=town.who("clerk", day), on=day)
    day = dt.date(2027, 9, 1)
    for pk in reads.erasable(town.who("clerk", day), day).values_list("pk", flat=True):
        actions.erase(pk, actor=town.who("clerk", day), on=day)
    assert Case.objects.filter(erased_on=day).count() == 2


def test_revealing_is_logged_with_its_reason(town: Town) -> None:
    case = town.receive().pk
    with refused("reveal.why"):
        actions.reveal(case, " ", actor=town.who("clerk"), on=DAY)
    for who in ("other", "counter", "authority", "head", "section"):
        with refused("case.reveal"):
            actions.reveal(case, "核对身份", actor=town.who(who), on=DAY)
    assert actions.reveal(case, "核对身份", actor=town.who("signer"), on=DAY).name == NATURAL["name"]
    event = Event.objects.get(verb="reveal")
    assert event.reason == "核对身份" and event.person == town.people["signer"].pk


def test_nothing_of_the_applicant_is_plain_in_the_database(town: Town) -> None:
    """As it lies in the tables and not as the program reads it."""
    whole_case(town, title="采砂许可", asked="采砂许可决定", help="")
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            text = repr(cursor.fetchall())
            found = [s for s in SECRETS[:5] if s in text]
            assert not found, (model, found)
    assert seal("林小满") != seal("林小满")


def test_a_question_stays_when_its_case_is_erased(town: Town) -> None:
    case = whole_case(town)
    asked = actions.ask_question(town.pk("water"), "鱼塘", "怎样区分", actor=town.who("clerk"), on=LATER, case=case)
    on = dt.date(2036, 3, 4)
    actions.erase(case, actor=town.who("clerk", on), on=on)
    assert Question.objects.get() == asked
