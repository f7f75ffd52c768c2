"""The account of a case: every step with its day, who took it and what was said, and what the office did in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from gongkai.base.reads import timeline
from gongkai.cases import letters, life, reads, rules
from gongkai.cases.life import Standing
from gongkai.cases.models import Case, Paper, Step
from gongkai.law.outcomes import field_name, grounds, outcomes
from gongkai.orgs.tree import Tree

OFFICE = {
    "assign": "分办",
    "draft_answer": "拟写答复",
    "check_answer": "法制审核同意",
    "return_answer": "退回修改",
    "drop_answer": "作废草稿",
    "recall_answer": "撤回修改",
    "attach": "放入材料",
    "supply": "制作提供给申请人的副本",
    "take-out": "撤下材料",
    "dispute_answered": "提交答复（答辩状）和证据",
    "reveal": "查看申请人的个人信息",
    "show_code": "打印查询码",
    "open_paper": "打开载有个人信息的材料",
    "erase": "按保存期限删除个人信息",
    "keep_precedent": "收入案例库",
    "retrieve": "导出归档包",
}
"""What the log holds of a case besides its steps."""

_LABELS = {
    "points": "事项",
    "party": "向谁",
    "information": "信息内容",
    "reasons": "意见和理由",
    "why": "理由",
    "text": "说明",
    "receipt": "缴费凭证",
    "proof": "送达凭证",
    "note": "说明",
    "organ": "机关",
    "reference": "案号",
    "before": "补正前的描述",
    "asked": "补正后的描述",
    "reply_by": "期限",
    "served": "送达日期",
    "confirmed": "双方确认",
    "date": "定于",
}


ENTRY = {
    "applicant_kind": "申请人类别", "name": "姓名或者单位名称", "id_kind": "证件", "id_number": "证件号码或者信用代码",
    "person": "联系人", "representative": "法定代表人", "phone": "电话", "email": "邮箱", "address": "地址",
    "postcode": "邮编", "title": "想要的信息", "asked": "具体描述", "document_number": "文号", "form": "形式",
    "way": "获取方式", "help": "需要的帮助",
}  # fmt: skip
"""What of a request may be corrected after it was taken in."""

_AGREES: dict[bool | None, str] = {True: "同意公开", False: "不同意公开"}


def account(case: Case, at: Standing, tree: Tree) -> list[dict[str, Any]]:
    """Steps and acts in the order in which they were entered."""
    letters_of: dict[int, list[Any]] = {}
    known = letters.kinds()
    for letter in case.letters.order_by("id"):
        name = known[letter.code].name if letter.code in known else letter.code
        letters_of.setdefault(letter.step_id or 0, []).append({"name": name, "number": letter.number, "pk": letter.pk})
    out: list[tuple[dt.datetime, dict[str, Any]]] = []
    for told in reads.account(case):
        step = told.step
        entry = {
            "step": True, "on": step.on, "name": told.name, "who": step.name, "post": step.post,
            "lines": lines_of(step, told.told, tree), "letters": letters_of.get(step.pk, []),
        }  # fmt: skip
        out.append((step.at, entry))
    last: tuple[str, int | None] | None = None
    for event in timeline("case", case.pk):
        if event.verb in OFFICE:
            if out and event.verb == "draft_answer" and last == (event.verb, event.person):
                continue  # every time a draft is kept is an event; one line says that it was written
            last = (event.verb, event.person)
            entry = {
                "step": False, "on": event.on, "name": OFFICE[event.verb], "who": event.name, "post": event.post,
                "lines": _of_event(event.verb, event.reason, event.data, tree), "letters": [],
            }  # fmt: skip
            out.append((event.at, entry))
    return [entry for _, entry in sorted(out, key=lambda x: x[0])]


def _of_event(verb: str, reason: str, data: Mapping[str, Any], tree: Tree) -> list[tuple[str, str]]:
    lines = []
    to = data.get("to")
    if verb == "assign" and isinstance(to, int) and to in tree:
        lines.append(("交给", tree.short(to)))
    if verb == "draft_answer":
        lines.append(("", outcome_words(str(data.get("outcome", "")), str(data.get("ground", "")))))
    if verb in ("attach", "take-out") and data.get("kind") in Paper.values:
        lines.append(("", Paper(data["kind"]).label))
    if verb == "supply":
        lines.append(("", f"遮盖{data['covered']}处" if data.get("covered") else "原样提供"))
    if reason:
        lines.append(("理由" if verb in ("reveal", "open_paper") else "意见", reason))
    return [(label, text) for label, text in lines if text]


def outcome_words(outcome: str, ground: str) -> str:
    """An outcome with its ground, in words."""
    found = outcomes().get(outcome)
    name = found.name if found else life.AMEND.get(outcome, "")
    return f"{name}（{grounds()[ground].name}）" if ground in grounds() else name


def lines_of(step: Step, told: Mapping[str, Any], tree: Tree) -> list[tuple[str, str]]:
    """What a step says, label by label."""
    data = step.data
    out: list[tuple[str, str]] = []
    if data.get("channel") in life.CHANNELS:
        out.append(("方式", life.CHANNELS[data["channel"]]))
    if step.verb == "decide":
        out.append(("结果", outcome_words(str(data.get("outcome", "")), str(data.get("ground", "")))))
        out += [(_field(code), str(text)) for code, text in dict(told.get("texts") or {}).items()]
    if step.verb in ("ask_extension", "approve_extension"):
        out.append(("延长", f"{data.get('days')}个工作日"))
    if step.verb == "fee_notice":
        out.append(("数额", f"{data.get('amount')}元（{rules.BASES.get(str(data.get('basis')), '')}计收）"))
    if "agrees" in data or step.verb in ("third_party_replied", "co_producer_replied"):
        out.append(("意见", _AGREES.get(data.get("agrees"), "没有明确意见")))
    if data.get("result") in life.RESULTS:
        out.append(("结果", life.RESULTS[data["result"]]))
    if step.verb == "correct_entry":
        out.append(("改了", "、".join(ENTRY[f] for f in data.get("fields", ()) if f in ENTRY)))
        # Who asks is shown to few; what was asked for before is no secret of the case.
        out += [
            (f"原来的{ENTRY[f]}", str(v)) for f, v in dict(told.get("was") or {}).items() if f in ("title", "asked")
        ]
    if step.verb == "consultation_served" and data.get("of") is not None:
        out.append(("哪一份", f"第{int(data['of']) + 1}份征求意见书"))
    to = data.get("to")
    if step.verb == "transfer" and isinstance(to, int) and to in tree:
        out.append(("转给", tree[to].name))
    if step.verb == "split":
        out.append(("分成", f"{data.get('count')}件"))
    for name in ("reply_by", "served", "confirmed", "date"):
        if data.get(name):
            out.append((_LABELS[name], str(data[name])))
    for name, value in told.items():
        if name in _LABELS and value:
            text = "；".join(str(v) for v in value) if isinstance(value, list) else str(value)
            out.append((_LABELS[name], text))
    return out


def _field(code: str) -> str:
    try:
        return field_name(code)
    except KeyError:
        return {"public_interest": "公共利益", "information": "更正的内容"}.get(code, "说明")
