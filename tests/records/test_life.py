"""From draft to publication: gates in order, four eyes, returns, the urgent path, signature by link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.records import actions, life, reads
from gongkai.records.kinds import gates
from gongkai.records.models import GateResult, Record, Standing, State, Version
from tests.records import DAY, Town, all_gates, begun, pass_gate

Make = Callable[..., dict[str, object]]


def test_a_document_passes_its_gates_in_order_and_goes_out(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = begun(town, normative())
    version = actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    assert version.gates == ["first", "second", "legal", "secrecy", "third"]
    with pytest.raises(Refused, match="关口没有全部通过"):
        actions.publish(record.pk, actor=town.who("clerk"), on=DAY)
    done = all_gates(town, version)
    assert done.state == State.APPROVED
    assert list(GateResult.objects.order_by("pk").values_list("gate", "name")) == [
        ("first", "陆平"),
        ("second", "唐文"),
        ("legal", "石法"),
        ("secrecy", "糜慎"),
        ("third", "白山"),
    ]
    assert not reads.visible(None).exists()
    actions.publish(record.pk, actor=town.who("clerk"), on=DAY)
    out = reads.visible(None).get()
    assert out.index_number == f"{town.orgs['civil']:09d}/2026-00001"
    assert out.document_number == "石民规〔2026〕1号"
    verbs = list(Event.objects.filter(subject="record").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["begin", "submit", "pass", "pass", "pass", "pass", "pass", "publish"]


def test_four_eyes(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    from gongkai.orgs.models import Organisation, Person, Post, Role

    Post.objects.create(
        person=Person.objects.get(pk=town.people["clerk"]),
        organisation=Organisation.objects.get(pk=town.orgs["civil"]),
        role=Role.REVIEWER,
        since=dt.date(2020, 1, 1),
    )
    record = begun(town, normative())
    version = actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    with pytest.raises(Refused, match="您是拟稿人"):
        pass_gate(town, version, "clerk")
    pass_gate(town, version, "chief")
    with pytest.raises(Refused, match="您已经办过这一版的另一道审校"):
        pass_gate(town, version, "chief")
    with pytest.raises(Refused, match="由审核岗位办理"):
        pass_gate(town, version, "secrecy")


def test_a_gate_asks_what_was_checked_and_secrecy_a_conclusion(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    version = actions.submit(begun(town, normative()).pk, actor=town.who("clerk"), on=DAY)
    with pytest.raises(Refused, match="还有没核对的：政治关、政策关、文字关"):
        actions.decide(version.pk, "pass", actor=town.who("chief"), on=DAY)
    for person in ("chief", "deputy", "legal"):
        pass_gate(town, version, person)
    with pytest.raises(Refused, match="保密审查要写明结论"):
        actions.decide(version.pk, "pass", actor=town.who("secrecy"), on=DAY, checked=gates()["secrecy"].asks)


def test_uncertain_secrecy_refers_onward_and_waits(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    version = actions.submit(begun(town, normative()).pk, actor=town.who("clerk"), on=DAY)
    with pytest.raises(Refused, match="只有保密审查可以"):
        actions.decide(version.pk, "unsure", actor=town.who("chief"), on=DAY, comment="不清楚")
    for person in ("chief", "deputy", "legal"):
        pass_gate(town, version, person)
    held = actions.decide(
        version.pk, "unsure", actor=town.who("secrecy"), on=DAY, comment="附件来源单位未定密，送县保密局确定"
    )
    assert held.state == State.REFERRED
    held = pass_gate(town, version, "secrecy", "县保密局2026年3月2日答复：不属于国家秘密，可以公开")
    assert held.state == State.REVIEW
    assert life.next_gate(Version.objects.get(pk=version.pk)).code == "third"  # type: ignore[union-attr]


def test_returned_with_comments_the_draft_is_there_again(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = begun(town, normative())
    version = actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    with pytest.raises(Refused, match="退回或不能确定要写明意见"):
        actions.decide(version.pk, "return", actor=town.who("chief"), on=DAY)
    actions.decide(version.pk, "return", actor=town.who("chief"), on=DAY, comment="第二条的适用范围写清楚")
    draft = Record.objects.get(pk=record.pk).draft
    assert "石桥县" in draft.body
    actions.write_draft(record.pk, {"body": "第一条 改过。"}, revision=draft.revision, actor=town.who("clerk"), on=DAY)
    again = actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    assert again.number == 2 and again.state == State.REVIEW
    old = Version.objects.get(pk=version.pk)
    assert old.state == State.RETURNED and "本办法适用于石桥县" in old.body


def test_a_version_never_changes(second_reviewer: Town, normative: Make) -> None:
    version = actions.submit(begun(second_reviewer, normative()).pk, actor=second_reviewer.who("clerk"), on=DAY)
    version.body = "改了"
    with pytest.raises(ValueError, match="does not change"):
        version.save()


def test_two_people_at_one_draft_are_told(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = begun(town, normative())
    actions.write_draft(record.pk, {"summary": "一"}, revision=0, actor=town.who("head"), on=DAY)
    with pytest.raises(Refused, match="白山在您打开之后改过这份草稿"):
        actions.write_draft(record.pk, {"summary": "二"}, revision=0, actor=town.who("clerk"), on=DAY)
    assert Record.objects.get(pk=record.pk).draft.summary == "一"


def test_what_is_missing_blocks_with_its_field(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = begun(town, normative(topic="", expires="", document_number="石民规31"))
    with pytest.raises(Refused) as refused:
        actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    fields = {i.field for i in refused.value.issues}
    assert {"topic", "document_number"} <= fields
    assert any("有效期" in i.say for i in refused.value.issues)


def test_the_urgent_path_leaves_its_mark_and_its_gates_open(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = begun(town, normative())
    version = actions.submit(record.pk, actor=town.who("clerk"), on=DAY, urgent="洪涝灾害，当日须公布")
    assert life.demanded(version) == ["secrecy", "third"]
    pass_gate(town, version, "secrecy")
    pass_gate(town, version, "head")
    actions.publish(record.pk, actor=town.who("clerk"), on=DAY)
    out = Version.objects.get(pk=version.pk)
    assert out.state == State.PUBLISHED and life.next_gate(out).code == "first"  # type: ignore[union-attr]
    with pytest.raises(Refused, match="补审只能同意"):
        actions.decide(out.pk, "return", actor=town.who("chief"), on=DAY, comment="不对")
    pass_gate(town, out, "chief")
    assert GateResult.objects.get(gate="first").late
    assert [s.state for s in reads.table_of_gates(Version.objects.get(pk=out.pk), town.who("clerk"))][:3] == [
        "passed",
        "passed",
        "passed",
    ]


def test_a_link_signs_one_document_once(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    version = actions.submit(begun(town, normative()).pk, actor=town.who("clerk"), on=DAY)
    for person in ("chief", "deputy", "legal", "secrecy"):
        pass_gate(town, version, person)
    with pytest.raises(Refused, match="由签发岗位办理"):
        actions.send_link(version.pk, town.people["deputy"], actor=town.who("clerk"), on=DAY)
    token = actions.send_link(version.pk, town.people["head"], actor=town.who("clerk"), on=DAY)
    assert actions.link_of(token) is not None and actions.link_of(token + "x") is None
    done = actions.decide_by_link(token, "pass", on=DAY, comment="同意公开")
    assert done.state == State.APPROVED
    result = GateResult.objects.get(gate="third")
    assert result.by_link and result.name == "白山"
    assert actions.link_of(token) is None
    with pytest.raises(Refused, match="已经用过、过期"):
        actions.decide_by_link(token, "pass", on=DAY)


def test_a_link_expires(second_reviewer: Town, normative: Make) -> None:
    from gongkai.base.clock import on_day

    town = second_reviewer
    version = actions.submit(begun(town, normative()).pk, actor=town.who("clerk"), on=DAY)
    token = actions.send_link(version.pk, town.people["chief"], actor=town.who("clerk"), on=DAY)
    with on_day(DAY + dt.timedelta(days=4)):
        assert actions.link_of(token) is None


def test_acting_for_an_absent_colleague_shows(second_reviewer: Town, normative: Make) -> None:
    from gongkai.orgs.models import Acting, Person

    town = second_reviewer
    Acting.objects.create(
        person=Person.objects.get(pk=town.people["deputy"]),
        absent=Person.objects.get(pk=town.people["head"]),
        since=DAY,
        until=DAY,
    )
    version = actions.submit(begun(town, normative()).pk, actor=town.who("clerk"), on=DAY)
    pass_gate(town, version, "chief")
    pass_gate(town, version, "deputy")
    pass_gate(town, version, "legal")
    pass_gate(town, version, "secrecy")
    # Who did the second review does not sign as well, not even for the absent head.
    with pytest.raises(Refused, match="另一道审校"):
        pass_gate(town, version, "deputy")


def test_strangers_can_do_nothing(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = begun(town, normative())
    stranger = town.who("stranger")
    assert not reads.visible(stranger).exists() and not reads.workable(stranger).exists()
    for act in (
        lambda: actions.write_draft(record.pk, {"title": "改"}, revision=0, actor=stranger, on=DAY),
        lambda: actions.submit(record.pk, actor=stranger, on=DAY),
        lambda: actions.drop_draft(record.pk, actor=stranger, on=DAY),
    ):
        with pytest.raises(Refused, match="不能办理这一步"):
            act()


def test_an_own_order_of_gates(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    office = town.who("office")
    with pytest.raises(Refused, match="保密审查不能省"):
        actions.set_chain(town.orgs["civil"], "", ["first", "third"], actor=office, on=DAY)
    with pytest.raises(Refused, match="主管部门设定"):
        actions.set_chain(town.orgs["civil"], "", ["secrecy", "third"], actor=town.who("clerk"), on=DAY)
    actions.set_chain(town.orgs["civil"], "", ["secrecy", "third"], actor=office, on=DAY)
    version = actions.submit(begun(town, normative()).pk, actor=town.who("clerk"), on=DAY)
    assert version.gates == ["secrecy", "legal", "third"]


def test_what_is_not_public_is_looked_at_by_the_office_first(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    record = begun(town, normative(audience="internal"))
    with pytest.raises(Refused) as refused:
        actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    assert {i.field for i in refused.value.issues} == {"audience_basis", "review_on"}
    draft = Record.objects.get(pk=record.pk).draft
    actions.write_draft(
        record.pk,
        {"audience_basis": "条例第十六条第一款：内部工作流程", "review_on": "2027-03-01"},
        revision=draft.revision,
        actor=town.who("clerk"),
        on=DAY,
    )
    version = actions.submit(record.pk, actor=town.who("clerk"), on=DAY)
    assert version.gates[0] == "openness"
    pass_gate(town, version, "office")
    all_gates(town, version)
    actions.publish(record.pk, actor=town.who("clerk"), on=DAY)
    assert not reads.visible(None).exists()
    assert Record.objects.get(pk=record.pk).standing == Standing.PUBLISHED


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", ["pass", "return", "refer", "recall", "publish", "schedule", "unschedule", "withdraw"])
def test_every_state_and_verb(state: State, verb: str) -> None:
    """The table typed once more, by hand: what is not in it is refused."""
    allowed = {
        "review": {"pass", "return", "refer", "recall"},
        "referred": {"pass", "return"},
        "approved": {"publish", "schedule", "recall"},
        "scheduled": {"publish", "unschedule"},
        "published": {"withdraw"},
    }
    if verb in allowed.get(state.value, set()):
        life.after(state, verb)
    else:
        with pytest.raises(Refused):
            life.after(state, verb)
