"""What each step of a request asks for: its fields, what it does in words, and the action that takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gongkai.cases import actions, life
from gongkai.cases.request import FORMS as SHAPES
from gongkai.cases.request import ID_KINDS, WAYS
from gongkai.cases.rules.steps import extension_most
from gongkai.desk.case_account import ENTRY
from gongkai.desk.case_fields import Field, Form, Typed
from gongkai.desk.case_options import (
    NOTE,
    asked_of_head,
    awaited,
    fortnight,
    held,
    inside,
    joinable,
    one_of,
    other_bodies,
    today_of,
    unserved,
    when,
    yes_no,
)
from gongkai.orgs.rules import Viewer

RESULT = Field("result", "结果", "choice", "", True, None, one_of(life.RESULTS))
ORGAN = Field("organ", "受理的机关")
REFERENCE = Field("reference", "案号")
PARTY = (
    Field("party", "向谁征求意见", "text", "写全名；申请人的姓名不会出现在征求意见书里。", True),
    Field("information", "征求意见的信息内容", "area", "写清楚是哪份信息、哪些内容，不要写谁在申请。", True),
    Field("served", "送达日期", "day", "已经当面送达的填上；还不知道就空着，系统先从发出之日起算15个工作日。"),
)


def _brought(begin: Callable[..., Any]) -> Callable[[int, Typed, Viewer], Any]:
    """A reconsideration or a suit is brought: the same fields for both."""
    return lambda pk, t, who: begin(
        pk, actor=who, on=t.on, organ=t.text("organ"), reference=t.text("reference"), accepted=t.tick("accepted"),
        copy_received=t.day("copy_received", "收到副本的日期"),
    )  # fmt: skip


def _entry(name: str, kind: str = "text", values: Mapping[str, str] | None = None) -> Field:
    """A field of the request, as it stands."""
    return Field(name, ENTRY[name], kind, "", False, held(name), one_of(values) if values else None)


ENTRY_FIELDS = (
    _entry("applicant_kind", "pick", life.APPLICANTS), _entry("name"), _entry("id_kind", "pick", {k: k for k in ID_KINDS}),
    _entry("id_number"), _entry("person"), _entry("representative"), _entry("phone"), _entry("email"), _entry("address"),
    _entry("postcode"), _entry("title", "area"), _entry("asked", "area"), _entry("document_number"),
    _entry("form", "pick", {f: f for f in SHAPES}), _entry("way", "pick", {w: w for w in WAYS}),
)  # fmt: skip

FORMS: dict[str, Form] = {
    "correct_entry": Form(
        "登记时打错了字、漏了字，或者申请人改了联系方式，在这里更正；改之前的内容会留存。要申请人补写清楚的，请办“告知补正”。打开这一页就是查看申请人的个人信息，会留痕。",
        (*ENTRY_FIELDS, Field("why", "为什么更正", "text", "例如：登记时打错；申请人来电改了收件地址。", True)),
        lambda pk, t, who: actions.correct_entry(
            pk, {f.name: t.text(f.name) for f in ENTRY_FIELDS}, t.text("why"), actor=who, on=who.day
        ),
        "保存更正",
        opens="更正登记",
    ),
    "ask_assist": Form(
        "要请其他单位帮助查找、确认的，发协办函（第十一条）。协办的时间不从答复期限里扣除；由对方与本机关共同制作的信息，请办“征求共同制作机关意见”。",
        (
            Field("party", "请哪个单位", "text", "写全名。", True),
            Field("information", "涉及的信息", "area", "", True),
            Field("points", "请协助的事项", "area", "一行写一项。"),
            Field("reply_by", "请对方在哪一天之前回复", "day", "", True),
        ),
        lambda pk, t, who: actions.ask_assist(
            pk,
            t.text("party"),
            t.text("information"),
            t.lines("points"),
            t.day("reply_by", "回复的日期"),
            actor=who,
            on=who.day,
        ),
        "发出协办函",
        ("assist",),
    ),
    "assign": Form(
        "把申请交给掌握信息的内设机构或者所属单位办理。他们可以看到申请、拟写答复；补正、延期、送达仍由政府信息公开工作机构办。",
        (
            Field("organisation", "承办单位", "pick", "", True, lambda a: str(a.case.handler_id or ""), inside),
            Field("note", "交办意见", "area"),
        ),
        lambda pk, t, who: actions.assign(
            pk, t.number("organisation", "承办单位") or 0, actor=who, on=who.day, note=t.text("note")
        ),
        "分办",
    ),
    "confirm": Form(
        "平常信函、互联网、传真的申请，以双方确认之日为收到申请之日，答复期限从这一天起算（第三十一条）。",
        (when("双方确认的日期"), Field("note", "怎样确认的", "text", "例如：电话确认，接听人本人。")),
        lambda pk, t, who: actions.confirm(pk, actor=who, on=t.on, note=t.text("note")),
        "确认收到",
        ("receipt",),
    ),
    "ask_correction": Form(
        "申请内容不明确的，在收到申请之日起7个工作日内一次性告知补正（第三十条）。只能告知一次，请把要补的都写上。收到补正之后，答复期限重新计算。",
        (
            Field("points", "需要补正的事项", "area", "一行写一项，写清楚怎么补。", True),
            Field("reply_by", "补正期限", "day", "一般不超过15个工作日，已经按15个工作日填好。", True, fortnight),
        ),
        lambda pk, t, who: actions.ask_correction(
            pk, t.lines("points"), t.day("reply_by", "补正期限"), actor=who, on=who.day
        ),
        "发出补正告知书",
        ("correction",),
    ),
    "correction_received": Form(
        "收到补正之后，答复期限从收到的次日起重新计算（第三十条）。",
        (
            when("收到补正的日期"),
            Field(
                "asked",
                "补正之后的申请内容",
                "area",
                "照补正后的内容改；补正前的描述会留在经过里。",
                False,
                lambda a: a.case.asked,
            ),
        ),
        lambda pk, t, who: actions.correction_received(pk, actor=who, on=t.on, asked=t.text("asked")),
        "登记收到补正",
    ),
    "correction_lapsed": Form(
        "申请人无正当理由逾期不补正的，视为放弃申请，不再处理（第三十条）。会写好告知书，之后请送达。",
        (),
        lambda pk, t, who: actions.correction_lapsed(pk, actor=who, on=who.day),
        "按逾期不补正办理",
        ("lapsed_correction",),
    ),
    "ask_third_party": Form(
        "公开会损害第三方合法权益的，书面征求第三方意见；第三方自收到之日起15个工作日内答复，这段时间不计入答复期限。第三方不答复的，由本机关决定（第三十二条、第三十三条）。",
        PARTY,
        lambda pk, t, who: actions.ask_third_party(
            pk, t.text("party"), t.text("information"), actor=who, on=who.day, served=t.day("served", "送达日期")
        ),
        "发出征求意见书",
        ("third_party", "third_party_confirm", "third_party_applicant"),
    ),
    "third_party_replied": Form(
        "第三方不同意公开且有合理理由的，不予公开；认为不公开会对公共利益造成重大影响的，可以决定公开并书面告知第三方（第三十二条）。",
        (
            Field("of", "哪一次", "choice", "", True, None, awaited("third_party")),
            when("收到意见的日期"),
            Field("agrees", "意见", "choice", "", True, None, yes_no("同意公开", "不同意公开")),
            Field("reasons", "第三方的理由", "area"),
        ),
        lambda pk, t, who: actions.third_party_replied(
            pk, t.choice("agrees"), actor=who, on=t.on, of=t.number("of", "哪一次"), reasons=t.text("reasons")
        ),
        "登记收到的意见",
    ),
    "ask_co_producer": Form(
        "由多个机关共同制作的信息，牵头制作的机关收到申请后可以征求其他机关意见；对方15个工作日内不答复的，视为同意公开（第三十四条）。这段时间不计入答复期限。",
        PARTY,
        lambda pk, t, who: actions.ask_co_producer(
            pk, t.text("party"), t.text("information"), actor=who, on=who.day, served=t.day("served", "送达日期")
        ),
        "发出征求意见书",
        ("co_producer",),
    ),
    "co_producer_replied": Form(
        "共同制作机关逾期不提出意见的，视为同意公开（第三十四条），不用在这里登记。",
        (
            Field("of", "哪一次", "choice", "", True, None, awaited("co_producer")),
            when("收到意见的日期"),
            Field(
                "agrees", "意见", "choice", "", True, None, yes_no("同意公开", "不同意公开", ("none", "没有明确意见"))
            ),
            Field("reasons", "意见和理由", "area"),
        ),
        lambda pk, t, who: actions.co_producer_replied(
            pk, t.choice("agrees"), actor=who, on=t.on, of=t.number("of", "哪一次"), reasons=t.text("reasons")
        ),
        "登记收到的意见",
    ),
    "consultation_served": Form(
        "第三方、共同制作机关提出意见的15个工作日，从收到征求意见书之日起算；没有登记送达的，先从发出之日起算。",
        (
            Field("of", "哪一份", "choice", "", True, None, unserved),
            Field("served", "送达日期", "day", "", True, today_of),
        ),
        lambda pk, t, who: actions.consultation_served(
            pk, t.number("of", "哪一份"), t.day("served", "送达日期"), actor=who, on=who.day
        ),
        "登记送达",
    ),
    "ask_reasons": Form(
        "申请的数量、频次明显超过合理范围的，可以要求申请人说明理由；理由不合理的告知不予处理，合理但来不及的可以确定延迟答复的期限（第三十五条）。",
        (
            Field(
                "points",
                "数量、频次怎样明显超过合理范围",
                "area",
                "写事实：什么时间段内提了多少件、内容怎样重复。",
                True,
            ),
            Field("reply_by", "说明理由的期限", "day", "", True, fortnight),
        ),
        lambda pk, t, who: actions.ask_reasons(
            pk, t.text("points"), t.day("reply_by", "说明理由的期限"), actor=who, on=who.day
        ),
        "发出说明理由告知书",
        ("reasons",),
    ),
    "reasons_given": Form(
        "收到申请人说明的理由之后，判断合理不合理（第三十五条）。",
        (when("收到的日期"), Field("text", "申请人说明的理由", "area", "", True)),
        lambda pk, t, who: actions.reasons_given(pk, t.text("text"), actor=who, on=t.on),
        "登记收到的理由",
    ),
    "set_date": Form(
        "理由合理，但在期限内答复不了的，确定延迟答复的合理期限并告知申请人（第三十五条）。",
        (Field("date", "延迟到哪一天答复", "day", "", True), Field("why", "为什么需要延迟", "area", "", True)),
        lambda pk, t, who: actions.set_date(pk, t.day("date", "延迟答复的日期"), t.text("why"), actor=who, on=who.day),
        "确定并告知",
        ("delay",),
    ),
    "ask_extension": Form(
        "需要延长答复期限的，请政府信息公开工作机构负责人批准；负责人批准并告知申请人之前，原期限照走（第三十三条第二款）。",
        (
            Field("days", "想延长几个工作日", "number", f"1至{extension_most()}。", True, asked_of_head("days")),
            Field("why", "延期的理由", "area", "", True),
        ),
        lambda pk, t, who: actions.ask_extension(
            pk, t.number("days", "延长的天数"), t.text("why"), actor=who, on=who.day
        ),
        "请负责人批准",
    ),
    "decline_extension": Form(
        "不同意延期的，经办会看到理由，答复仍在原期限内作出。",
        (Field("why", "理由", "area", "", True),),
        lambda pk, t, who: actions.decline_extension(pk, t.text("why"), actor=who, on=who.day),
        "不同意延期",
    ),
    "approve_extension": Form(
        "需要延长答复期限的，经政府信息公开工作机构负责人同意，最多延长20个工作日，只能延长一次；批准之后还要在原期限内告知申请人（第三十三条第二款）。",
        (
            Field("days", "延长几个工作日", "number", f"1至{extension_most()}。", True, asked_of_head("days")),
            Field("why", "延期的理由", "area", "", True, asked_of_head("why")),
        ),
        lambda pk, t, who: actions.approve_extension(
            pk, t.number("days", "延长的天数"), t.text("why"), actor=who, on=who.day
        ),
        "批准延期",
    ),
    "notify_extension": Form(
        "延期已经批准，现在告知申请人；不在原期限届满前告知的，延期不算数（第三十三条第二款）。",
        (),
        lambda pk, t, who: actions.notify_extension(pk, actor=who, on=who.day),
        "发出延期告知书",
        ("extension",),
    ),
    "fee_paid": Form(
        "缴清之后，答复期限从次日起重新计算。",
        (when("缴清的日期"), Field("receipt", "缴费凭证", "text", "票据号码或者到账记录。")),
        lambda pk, t, who: actions.fee_paid(pk, actor=who, on=t.on, receipt=t.text("receipt")),
        "登记已经缴费",
    ),
    "fee_lapsed": Form(
        "申请人逾期未缴纳信息处理费的，视为放弃申请（国办函〔2020〕109号）。会写好告知书，之后请送达。",
        (),
        lambda pk, t, who: actions.fee_lapsed(pk, actor=who, on=who.day),
        "按逾期未缴费办理",
        ("lapsed_fee",),
    ),
    "deliver": Form(
        "答复要送达申请人才算办结；签发了没有送出去，期限还在走。",
        (
            Field("channel", "怎样送达的", "choice", "", True, None, one_of(life.CHANNELS)),
            when("送达的日期"),
            Field("proof", "凭证", "text", "例如挂号信编号、签收人、发送记录；扫描件可以放进材料。"),
        ),
        lambda pk, t, who: actions.deliver(pk, t.text("channel"), actor=who, on=t.on, proof=t.text("proof")),
        "登记送达",
        ("service",),
    ),
    "archive": Form(
        "材料齐全之后归档（第四十五条）。归档之后投诉、复议、诉讼仍可以登记。",
        (),
        lambda pk, t, who: actions.archive(pk, actor=who, on=who.day),
        "归档",
    ),
    "withdraw": Form(
        "申请人主动撤回申请的，登记后不再办理。撤回应当出于申请人自愿，请留下凭据。",
        (when("撤回的日期"), NOTE),
        lambda pk, t, who: actions.withdraw(pk, actor=who, on=t.on, note=t.text("note")),
        "登记撤回",
    ),
    "transfer": Form(
        "申请投错了机关、还没有双方确认的，可以转给应当负责的机关，由它确认收到。已经收到的不能转，要答复“不属于本机关负责公开”并告知该找谁（第三十六条第五项）。",
        (
            Field("body", "转给哪个机关", "pick", "", True, None, other_bodies),
            Field("why", "为什么转送", "area", "", True),
        ),
        lambda pk, t, who: actions.transfer(
            pk, t.number("body", "机关") or 0, actor=who, on=who.day, why=t.text("why")
        ),
        "转送",
    ),
    "join": Form(
        "同一申请人就同一内容提交了两次的（例如网上一次、邮寄一次），并成一件办理。已经答复过又申请的不是并案，按重复申请答复（第三十六条第六项）。",
        (Field("into", "并入哪一件", "choice", "", True, None, joinable),),
        lambda pk, t, who: actions.join(pk, t.number("into", "申请") or 0, actor=who, on=who.day),
        "并案",
    ),
    "split": Form(
        "一件申请里要了几样不同的信息，按一事一申请分开办理；每一件都从原来的收到之日起算。",
        (Field("items", "分成哪几件", "area", "一行写一件。", True, lambda a: a.case.asked),),
        lambda pk, t, who: actions.split(pk, t.lines("items"), actor=who, on=who.day),
        "分案",
        ("split",),
    ),
    "complain": Form(
        "申请人向主管部门或者上一级机关投诉、举报（第四十七条、第五十一条）。",
        (when("投诉举报的日期"), ORGAN, NOTE),
        lambda pk, t, who: actions.complain(pk, actor=who, on=t.on, organ=t.text("organ"), note=t.text("note")),
        "登记投诉举报",
    ),
    "complaint_ended": Form(
        "投诉举报有了结果。",
        (when("办结的日期"), Field("note", "结果", "area", "", True)),
        lambda pk, t, who: actions.complaint_ended(pk, actor=who, on=t.on, note=t.text("note")),
        "登记结果",
    ),
    "reconsider": Form(
        "收到复议申请书副本之后，适用简易程序的，5个工作日内提交书面答复和证据（行政复议法第五十四条）；填了收到副本的日期，期限会进台账。",
        (
            when("申请复议的日期"),
            ORGAN,
            REFERENCE,
            Field("copy_received", "收到申请书副本的日期", "day"),
            Field("accepted", "复议机关已经受理（超过期限的也登记）", "tick"),
        ),
        _brought(actions.reconsider),
        "登记行政复议",
    ),
    "reconsidered": Form(
        "复议机关作出了决定。",
        (when("决定的日期"), RESULT, NOTE),
        lambda pk, t, who: actions.reconsidered(pk, t.text("result"), actor=who, on=t.on, note=t.text("note")),
        "登记复议决定",
    ),
    "sue": Form(
        "申请人提起行政诉讼。不予公开的决定应当先申请复议（行政复议法第二十三条）。",
        (
            when("起诉的日期"),
            ORGAN,
            REFERENCE,
            Field("copy_received", "收到起诉状副本的日期", "day", "填了，提交答辩状和证据的期限会进台账。"),
            Field("accepted", "法院已经受理（超过期限的也登记）", "tick"),
        ),
        _brought(actions.sue),
        "登记行政诉讼",
    ),
    "judged": Form(
        "法院作出了裁判。",
        (when("裁判的日期"), RESULT, NOTE),
        lambda pk, t, who: actions.judged(pk, t.text("result"), actor=who, on=t.on, note=t.text("note")),
        "登记裁判结果",
    ),
}
"""The steps with a form of this kind; fee_notice has a page of its own, which computes before it sends."""

assert set(FORMS) | {"receive", "fee_notice", "decide"} == set(life.VERBS) | {"assign"}
