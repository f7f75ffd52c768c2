"""Every address of the desk × every kind of visitor: what opens, what is refused in words, what does not exist.

What is missing from the table fails. `open` answers with a page, `moved` sends somewhere else, `said` is a refusal in
words (422), `none` is 404: the visitor learns nothing; `door` sends to the sign-in.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.base.actions import keep_file
from gongkai.base.clock import moment
from gongkai.base.followers import catch_up
from gongkai.cases import actions as case_actions
from gongkai.cases.models import Opening
from gongkai.desk.urls import urlpatterns
from gongkai.ledger.follow import LedgerFollower
from gongkai.ledger.models import Evidence, Matter, Report
from gongkai.orgs.models import Person
from gongkai.orgs.reads import viewer_of
from gongkai.plans.models import Draft, Plan
from gongkai.records import actions as record_actions
from gongkai.records.models import CleanUp, Original
from gongkai.records.models import Draft as Records
from gongkai.scheme import actions as scheme_actions
from gongkai.scheme.models import LineOwner, SchemeDraft
from tests.desk import TODAY

VISITORS = ("chen.yu", "jiang.ruoxi", "tian.jiaxin", "admin", None)
"""主管部门 of the county · 经办 of 县司法局 · 主管部门 of 白露镇 · administrator · nobody."""

ALL = "open open open open door"
ROOM = "open none open none door"  # whoever oversees a body
COUNTY = "open open open none door"  # the county's plan: all below the county may read it
STAFF = "open open open none door"  # whoever holds a post
OWN = "open open none none door"  # of 县司法局: its staff and who oversees it
TOLD = "said said none none door"
TAKEN = "none open none none door"  # of whom took the request in today, and of nobody else
NOBODY = "none none none none none"  # a link that was never made
# A POST with nothing in it: told what is missing by those who may see the thing, 404 for the others.
GET_TABLE = {
    "today": ALL,
    "mine": ALL,
    "mine-ics": ALL,
    "sign-in": "open open open open open",
    "first": "moved moved moved moved moved",
    "password": ALL,
    "ledger": ALL,
    "ledger-export": ALL,
    "ledger-matter": COUNTY,
    "plans": ROOM,
    "plans-plan": COUNTY,
    "plans-source": COUNTY,
    "plans-original": COUNTY,
    "plans-withdraw": "open none none none door",
    "plans-draft": "open none none none door",
    "plans-row": "open none none none door",
    "orgs": ALL,
    "orgs-org": ALL,
    "orgs-person": ALL,
    "orgs-table": "none none none open door",
    "records": STAFF,
    "search": STAFF,
    "records-new": STAFF,
    "records-begin": STAFF,
    "records-look-up": "none none none none door",  # no field asked for
    "records-validity": STAFF,
    "records-round": "open none none none door",
    "records-import": STAFF,
    "records-import-run": OWN,
    "records-import-refused": OWN,
    "records-settings": "open none open none door",
    "records-record": OWN,
    "records-edit": "said open none none door",  # 主管部门 reads and publishes, it does not write
    "records-file": OWN,
    "records-preview": OWN,
    "records-compare": OWN,
    "records-withdraw": OWN,
    "records-original": "said said none none door",  # 保密审查 only
    "records-version": OWN,
    "sign": NOBODY,
    "sign-file": NOBODY,
    "scheme": STAFF,
    "scheme-template": STAFF,
    "scheme-due": STAFF,
    "scheme-draft": "open none none none door",
    "scheme-row": "open none none none door",
    "scheme-scheme": COUNTY,
    "scheme-propose": OWN,  # of whom the line asks something
    "scheme-export": COUNTY,
    "scheme-line": OWN,
    "matrix": STAFF,
    "matrix-export": STAFF,
    "evidence": STAFF,
    "evidence-attach": OWN,
    "cases": STAFF,
    "cases-export": STAFF,
    # A request to the county, handed to 县司法局: the office runs it, the section reads and drafts.
    **dict.fromkeys(("cases-case", "cases-print", "cases-answer", "cases-tree", "cases-letters", "cases-letter"), OWN),
    **dict.fromkeys(("cases-papers", "cases-paper", "cases-supply"), OWN),
    "cases-paper-page": "none none none none door",  # the paper is no PDF
    "cases-step": "open said none none door",
    "cases-review": "moved moved none none door",  # nothing waits for a check
    "cases-preview": "moved moved none none door",
    "counter": STAFF,
    "counter-new": STAFF,
    **dict.fromkeys(("counter-case", "counter-sheet", "counter-receipt", "counter-letter"), TAKEN),
    "board": ROOM,
    "board-cases": "none none none none door",  # no number told
    "board-questions": STAFF,
    "board-export": ROOM,
    "board-question": OWN,  # not answered yet
    "board-library": STAFF,
    "board-keep": "said none none none door",  # 主管部门; the case is still open
    "openings": STAFF,
    "openings-opening": OWN,
    "openings-export": STAFF,
    "openings-sheet": "none none none none door",  # not decided yet
    "case-setup": STAFF,
    "case-setup-erasure": STAFF,
    **dict.fromkeys(("case-setup-template", "case-setup-built-in", "case-setup-preview"), STAFF),
    "case-setup-own": "none none none none door",  # nobody has one
    "board-annual-latest": "moved moved moved none door",
    "board-annual": STAFF,
    "board-annual-cases": "none none none none door",  # no number told
    "board-annual-export": STAFF,
}
POST_TABLE = {
    "sign-out": "moved moved moved moved door",
    "password": "said said said said door",
    "sign-in": "said said said said said",
    "first": "moved moved moved moved moved",
    "ledger-batch": "said said said said door",
    "ledger-undo": "none none none none door",
    "ledger-report": "said said said none door",
    "ledger-note": "said said said none door",
    "ledger-settle": "said said said none door",
    "ledger-reopen": "said said said none door",
    "ledger-return": "said said said none door",
    "ledger-happen": "said said said none door",
    "ledger-review": "moved said said none door",
    "ledger-bind": "said said said none door",
    "ledger-change": "moved said said none door",
    "plans-upload": "said none said none door",
    "plans-withdraw": "said none none none door",
    "plans-restore": "said none none none door",  # the plan stands: nothing to restore
    "plans-row-act": "moved none none none door",
    "plans-draft-act": "moved none none none door",
    "orgs-act": "said said said said door",
    "orgs-org-act": "said said said said door",
    "orgs-person-act": "said said said said door",
    "records-begin": "moved moved moved none door",
    "records-edit": TOLD,
    "records-check": "none none none none door",  # no kind told
    "records-round-open": "said said said none door",
    "records-round-propose": "said none none none door",
    "records-round-apply": "moved none none none door",
    "records-import": "said said said none door",
    "records-import-step": "said moved none none door",  # whoever began it goes on with it
    "records-settings-act": "said none said none door",
    "records-attach": TOLD,
    "records-file-act": TOLD,
    "records-withdraw": TOLD,
    "records-decide-validity": TOLD,
    "records-original": TOLD,
    "records-decide": TOLD,
    "records-link": TOLD,
    "records-act": TOLD,
    "sign": NOBODY,
    "scheme-import": "said said said none door",
    "scheme-new": "said said said none door",
    "scheme-draft-act": "said none none none door",
    "scheme-propose": TOLD,
    "scheme-decide": "said said said none door",  # read by all below the county, decided by its 主管部门
    "scheme-end": "said said said none door",
    "evidence-decide": "said said said said door",
    "evidence-revoke": TOLD,
    "evidence-attach": TOLD,
    **dict.fromkeys(("cases-reveal", "cases-step", "cases-answer", "cases-drop", "cases-review", "cases-papers"), TOLD),
    "cases-supply": OWN,
    **dict.fromkeys(("cases-code", "cases-paper-out", "cases-dispute-answered", "cases-recall"), TOLD),
    "cases-find": "said said said none door",
    "cases-bundle": "open said none none door",  # the section that handles a case does not take it out
    "counter-size": "moved moved moved none door",
    "counter-find": "said said said none door",
    "counter-new": "said said said none door",
    "counter-attach": "none said none none door",
    "board-questions": "said said said none door",
    "board-question": TOLD,
    "board-keep": "said none none none door",
    "openings-opening": TOLD,
    "case-setup": "said said said none door",
    "case-setup-erasure": "said said said none door",
    "case-setup-template": "said said said none door",
    "case-setup-retire": "moved moved moved none door",
}
WORDS = {200: "open", 302: "moved", 422: "said", 404: "none"}


def _addresses() -> dict[str, str]:
    plan = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案")
    matter = Matter.objects.filter(sheet=plan.pk, position=5).get()
    draft = Draft.objects.filter(plan=None).first()
    report = Report.objects.filter(source_id=matter.source_id).first() or Report(pk=1)
    person = Person.objects.get(username="luo.jing").pk
    at = [matter.source, matter.source_id]
    draft_record, waiting, original, digest, run, round_ = _records()
    scheme, line, proposal, directory, proof = _schemes(waiting)
    taken, question, opening = _counter()
    case, letter, paper = _case()
    of_case = (
        "case",
        "print",
        "reveal",
        "bundle",
        "answer",
        "tree",
        "drop",
        "recall",
        "review",
        "preview",
        "letters",
        "papers",
        "code",
    )
    names: dict[str, list[object]] = {
        **{f"cases-{v}": [case] for v in of_case},
        "cases-step": [case, "ask_correction"],
        "cases-letter": [case, letter, "docx"],
        "cases-paper-page": [case, paper, 1],
        **{f"cases-{v}": [case, paper] for v in ("paper", "supply", "paper-out", "dispute-answered")},
        **{f"scheme-{v}": [scheme] for v in ("scheme", "propose", "end")},
        "scheme-draft": [directory],
        "scheme-row": [directory, 0],
        "scheme-draft-act": [directory, "rows"],
        "scheme-decide": [scheme, proposal],
        "scheme-export": [scheme, "docx"],
        "scheme-line": [line],
        "evidence-revoke": [proof],
        "evidence-attach": ["scheme", line],
        **{f"counter-{v}": [taken] for v in ("case", "sheet", "receipt", "attach")},
        "counter-letter": [taken, "receipt"],
        "board-question": [question],
        "board-keep": [taken],
        "openings-opening": [opening],
        "openings-sheet": [opening],
        **{f"case-setup-{v}": ["receipt"] for v in ("template", "built-in", "own", "preview", "retire")},
        **{f"board-annual{v}": [TODAY.year] for v in ("", "-cases", "-export")},
        "records-begin": ["notice"],
        **{f"records-round{v}": [round_] for v in ("", "-propose", "-apply")},
        **{f"records-import-{v}": [run] for v in ("run", "step", "refused")},
        "records-settings-act": ["number"],
        **{f"records-{v}": [draft_record] for v in ("edit", "attach", "preview")},
        "records-file": [draft_record, digest],
        "records-file-act": [draft_record, digest, "describe"],
        **{f"records-{v}": [waiting] for v in ("record", "compare", "withdraw", "decide-validity")},
        "records-original": [draft_record, original],
        **{f"records-{v}": [waiting, 1] for v in ("version", "decide", "link")},
        "records-act": [waiting, "submit"],
        "sign": ["guess"],
        "sign-file": ["guess", digest],
        "ledger-matter": at,
        **{f"ledger-{v}": at for v in ("report", "note", "settle", "reopen", "happen", "review", "bind", "change")},
        "ledger-return": [*at, report.pk],
        "ledger-export": ["xlsx"],
        "plans-plan": [plan.pk],
        "plans-restore": [plan.pk],
        "plans-source": [plan.pk],
        "plans-original": [plan.pk],
        "plans-withdraw": [plan.pk],
        "plans-draft": [draft.pk if draft else 0],
        "plans-row": [draft.pk if draft else 0, draft.rows[0]["key"] if draft else "x"],
        "plans-row-act": [draft.pk if draft else 0, draft.rows[0]["key"] if draft else "x", "accept"],
        "plans-draft-act": [draft.pk if draft else 0, "accept-all"],
        "orgs-act": ["found"],
        "orgs-org": [plan.body_id],
        "orgs-org-act": [plan.body_id, "alias"],
        "orgs-person": [person],
        "orgs-person-act": [person, "act_for"],
    }
    return {p.name: reverse(f"desk:{p.name}", args=names.get(p.name, [])) for p in urlpatterns}  # type: ignore[misc]


def _case() -> tuple[int, int, int]:
    """A request to the county, handed to 县司法局, with its letters and a document that was found."""
    county = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案").body_id
    clerk = viewer_of(Person.objects.get(username="shen.yihe"), TODAY)
    bureau = viewer_of(Person.objects.get(username="jiang.ruoxi"), TODAY).held[0].organisation
    values = {"applicant_kind": "natural", "name": "贺知远", "id_kind": "护照", "id_number": "E00000001"}
    values |= {"phone": "13800001234", "title": "养护资金", "form": "纸质", "way": "自行领取"}
    case = case_actions.receive(county, values, "in_person", actor=clerk, on=TODAY)
    case_actions.assign(case.pk, bureau, actor=clerk, on=TODAY)
    paper = case_actions.attach(case.pk, "source", "a.docx", b"PK", actor=clerk, on=TODAY)
    return case.pk, case.letters.get(code="registration").pk, paper.pk


def _records() -> tuple[int, int, int, str, int, int]:
    """Of 县司法局: a draft with a file and an original, a version before its first gate, a run, a round of the county."""
    person = Person.objects.get(username="jiang.ruoxi")
    actor = viewer_of(person, TODAY)
    owner = actor.held[0].organisation
    values = {"title": "通知", "source": "县司法局", "formed": "2026-11-01", "body": "正文"}
    values["fields"] = {"notice_type": "通知"}  # type: ignore[assignment]
    draft, waiting = (record_actions.begin_record("notice", owner, values, actor=actor, on=TODAY).pk for _ in range(2))
    record_actions.submit(waiting, actor=actor, on=TODAY)
    file = keep_file(b"text", "a.txt")
    held = [{"digest": file.digest, "name": "a.txt", "size": 4, "media": "text/plain"}]
    Records.objects.filter(record=draft).update(attachments=held)
    original = Original.objects.create(record_id=draft, person=person, at=moment(), content={}).pk
    table = "标题,文号\n旧办法,青司〔2020〕1号\n".encode()
    run = record_actions.begin_import(table, "旧.csv", owner, actor=actor, on=TODAY).pk
    county = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案").body_id
    round_ = CleanUp.objects.create(owner_id=county, title="清理", opened_on=TODAY).pk
    return draft, waiting, original, file.digest, run, round_


def _schemes(record: int) -> tuple[int, int, int, int, int]:
    """A scheme of the county by hand with a line of 县司法局, a proposal, one under import, and an offer of evidence."""
    actor = viewer_of(Person.objects.get(username="chen.yu"), TODAY)
    county = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案").body_id
    bureau = viewer_of(Person.objects.get(username="jiang.ruoxi"), TODAY).held[0].organisation
    scheme = scheme_actions.begin_scheme(county, "目录", standard=False, adopted_on=TODAY, actor=actor, on=TODAY)
    values = {"level1": "机构职能", "limit_text": "长期公开", "owners": [bureau], "proactive": True}
    scheme_actions.add_line(scheme.pk, values, actor=actor, on=TODAY)
    line = LineOwner.objects.get(line__scheme=scheme).pk
    proposal = scheme_actions.propose(scheme.pk, "add", values, "新增职能", actor=actor, on=TODAY)
    person = Person.objects.get(username="chen.yu")
    row = {"level1": "x", "owner_text": "", "owners": [], "kinds": [], "doubts": []}
    directory = SchemeDraft.objects.create(
        body_id=county, file=keep_file(b"x", "a.xlsx"), title="x", rows=[row], person=person, begun_at=moment()
    )
    catch_up([LedgerFollower()])
    proof = Evidence.objects.create(source="scheme", source_id=line, record_id=record, offered_on=TODAY)
    return scheme.pk, line, proposal.pk, directory.pk, proof.pk


def _counter() -> tuple[int, int, int]:
    """Of 县司法局: a request that its clerk took in today, a question about none, a proposal to publish."""
    actor = viewer_of(Person.objects.get(username="jiang.ruoxi"), TODAY)
    bureau = actor.held[0].organisation
    told = {"applicant_kind": "natural", "name": "桑小满", "id_kind": "护照", "id_number": "E1", "phone": "13900001234"}
    values = {**told, "title": "补贴标准", "asked": "补贴标准", "form": "纸质", "way": "自行领取"}
    taken = case_actions.receive(bureau, values, "in_person", actor=actor, on=TODAY)
    question = case_actions.ask_question(bureau, "怎样区分", "说明", actor=actor, on=TODAY).pk
    opening = Opening.objects.create(body_id=bureau, title="补贴标准", words="补贴 标准", proposed_on=TODAY)
    return taken.pk, question, opening.pk


def _draft(client: Client) -> None:
    body = Plan.objects.get(title="青禾县2026年政务公开工作要点分工方案").body_id
    text = "青禾县2027年政务公开工作要点分工方案\n1.公开办事指南。（责任单位：县司法局）\n2.公开预算。（责任单位：县财政局）\n"
    assert client.post(reverse("desk:plans-upload"), {"body": body, "pasted": text, "kind": "new"}).status_code == 302


def test_the_tables_name_every_address() -> None:
    assert {p.name for p in urlpatterns} == GET_TABLE.keys() | POST_TABLE.keys()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("column", "who"), list(enumerate(VISITORS)))
def test_every_address_for_every_visitor(
    method: str, column: int, who: str | None, signed_in: Callable[[str], Client]
) -> None:
    _draft(signed_in("chen.yu"))
    addresses = _addresses()
    wrong = []
    for name, line in (GET_TABLE if method == "get" else POST_TABLE).items():
        expected = line.split()[column]
        client = signed_in(who) if who else Client()
        answer = getattr(client, method)(addresses[name])
        got = WORDS.get(answer.status_code, str(answer.status_code))
        if got == "moved" and "/sign-in/" in answer["Location"] and name not in ("sign-out", "first"):
            got = "door"
        if name == "sign-out" and who is None:
            got = "door" if "/sign-in/" in answer["Location"] else got
        if got != expected:
            wrong.append(f"{method} {name}: {got}, expected {expected}")
    assert not wrong


def test_another_method_is_not_allowed(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("chen.yu")
    addresses = _addresses()
    for name in POST_TABLE.keys() - GET_TABLE.keys():
        assert client.get(addresses[name]).status_code == 405, name
    for name in GET_TABLE.keys() - POST_TABLE.keys():
        assert client.post(addresses[name]).status_code == 405, name


def test_every_page_has_its_guards(signed_in: Callable[[str], Client]) -> None:
    """Strict content security policy, no framing, no sniffing, nothing kept by caches in between."""
    client = signed_in("chen.yu")
    addresses = _addresses()
    for name in GET_TABLE:
        answer = client.get(addresses[name])
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy, name
        assert answer.headers["X-Frame-Options"] == "DENY", name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name


def test_pages_of_the_desk_are_not_kept(signed_in: Callable[[str], Client]) -> None:
    answer = signed_in("chen.yu").get(reverse("desk:today"))
    assert "private" in answer.headers["Cache-Control"] and "no-store" in answer.headers["Cache-Control"]


def test_onward_leads_nowhere_else(county: None) -> None:
    """`next` of the sign-in leads to this site only."""
    client = Client()
    from gongkai.demo.county import PASSWORD

    answer = client.post(
        reverse("desk:sign-in"), {"username": "chen.yu", "password": PASSWORD, "next": "https://example.org/"}
    )
    assert answer["Location"] == reverse("desk:today")
