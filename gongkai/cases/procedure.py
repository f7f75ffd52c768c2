"""The procedure of a case: channels, applicants, states, verbs, and the table state × verb → state. Words and nothing else.

Articles are those of 《政府信息公开条例》 unless another law is named.
"""

from __future__ import annotations

from enum import StrEnum

CHANNELS = {
    "in_person": "当面",
    "mail_signed": "邮寄（签收）",
    "mail_unsigned": "平常信函",
    "internet": "互联网",
    "fax": "传真",
}
"""How a request comes in and an answer goes out (第三十一条)."""

CONFIRMED = ("mail_unsigned", "internet", "fax")
"""Channels whose requests count as received on the day on which both sides confirmed it (第三十一条第二项、第三项)."""

APPLICANTS = {
    "natural": "自然人",
    "business": "商业企业",
    "research": "科研机构",
    "charity": "社会公益组织",
    "legal_service": "法律服务机构",
    "other": "其他",
}
"""Kinds of applicants, by the columns of the report's third table."""

REACHES = ("phone", "email", "address", "postcode", "person", "form", "way")
"""What of a request may still be corrected once the answer is signed: how the applicant is reached."""

AMEND = {"amended": "予以更正", "not_amended": "不予更正", "amend_elsewhere": "转送或者告知向有权机关提出"}
"""How a request to correct a record about oneself ends (第四十一条); it stands in no row of the report."""

LAPSED = ("lapsed_correction", "lapsed_fee")
DISCLOSES = ("disclosed", "partial")


class State(StrEnum):
    """Where a case stands."""

    SUBMITTED = "submitted"
    OPEN = "open"
    CORRECTION = "correction"
    FEE = "fee"
    LAPSED = "lapsed"
    DECIDED = "decided"
    CLOSED = "closed"
    ARCHIVED = "archived"
    MOVED = "moved"

    @property
    def label(self) -> str:
        """In Chinese."""
        return _STATES[self.value]


_STATES = {
    "submitted": "待确认",
    "open": "办理中",
    "correction": "待补正",
    "fee": "待缴费",
    "lapsed": "视为放弃",
    "decided": "待送达",
    "closed": "已办结",
    "archived": "已归档",
    "moved": "已转出",
}

RUNNING = (State.OPEN, State.DECIDED)
"""The answer clock runs until the answer has gone out: a signed letter in the drawer is no answer (第三十三条)."""

ENDED = (State.LAPSED, State.CLOSED, State.ARCHIVED, State.MOVED)

VERBS = {
    "receive": "登记",
    "confirm": "双方确认",
    "correct_entry": "更正登记",
    "ask_correction": "告知补正",
    "correction_received": "收到补正",
    "correction_lapsed": "逾期不补正",
    "ask_third_party": "征求第三方意见",
    "third_party_replied": "收到第三方意见",
    "ask_co_producer": "征求共同制作机关意见",
    "co_producer_replied": "收到共同制作机关意见",
    "consultation_served": "征求意见书送达",
    "ask_assist": "请其他单位协办",
    "ask_reasons": "要求说明理由",
    "reasons_given": "收到说明的理由",
    "set_date": "确定延迟答复的期限",
    "ask_extension": "请示延期",
    "approve_extension": "批准延期",
    "decline_extension": "不同意延期",
    "notify_extension": "告知延期",
    "fee_notice": "收费通知",
    "fee_paid": "已经缴费",
    "fee_lapsed": "逾期未缴费",
    "decide": "作出决定",
    "deliver": "送达",
    "withdraw": "申请人撤回",
    "transfer": "转送",
    "join": "并案",
    "split": "分案",
    "complain": "投诉举报",
    "complaint_ended": "投诉举报办结",
    "reconsider": "行政复议",
    "reconsidered": "复议决定",
    "sue": "行政诉讼",
    "judged": "裁判结果",
    "archive": "归档",
}

CONSULTED = ("third_party_replied", "co_producer_replied", "consultation_served")
"""What becomes known of an opinion that was asked for."""

_S = State
_ANY = (_S.OPEN, _S.CORRECTION, _S.FEE, _S.LAPSED, _S.DECIDED, _S.CLOSED, _S.ARCHIVED)

TABLE: dict[tuple[State, str], State] = {
    (_S.SUBMITTED, "confirm"): _S.OPEN,
    (_S.SUBMITTED, "withdraw"): _S.CLOSED,
    (_S.SUBMITTED, "transfer"): _S.MOVED,
    (_S.SUBMITTED, "join"): _S.MOVED,
    # A body that never confirms is what complaints are about (第四十七条、第五十一条).
    (_S.SUBMITTED, "complain"): _S.SUBMITTED,
    (_S.SUBMITTED, "complaint_ended"): _S.SUBMITTED,
    (_S.OPEN, "ask_correction"): _S.CORRECTION,
    (_S.OPEN, "ask_third_party"): _S.OPEN,
    (_S.OPEN, "ask_co_producer"): _S.OPEN,
    (_S.OPEN, "ask_assist"): _S.OPEN,
    (_S.OPEN, "ask_reasons"): _S.OPEN,
    (_S.OPEN, "reasons_given"): _S.OPEN,
    (_S.OPEN, "set_date"): _S.OPEN,
    (_S.OPEN, "ask_extension"): _S.OPEN,
    (_S.OPEN, "approve_extension"): _S.OPEN,
    (_S.OPEN, "decline_extension"): _S.OPEN,
    (_S.OPEN, "notify_extension"): _S.OPEN,
    (_S.OPEN, "fee_notice"): _S.FEE,
    (_S.OPEN, "decide"): _S.DECIDED,
    (_S.OPEN, "withdraw"): _S.CLOSED,
    (_S.OPEN, "join"): _S.MOVED,
    (_S.OPEN, "split"): _S.MOVED,
    (_S.CORRECTION, "correction_received"): _S.OPEN,
    (_S.CORRECTION, "correction_lapsed"): _S.LAPSED,
    (_S.CORRECTION, "decide"): _S.DECIDED,
    (_S.CORRECTION, "withdraw"): _S.CLOSED,
    (_S.FEE, "fee_paid"): _S.OPEN,
    (_S.FEE, "fee_lapsed"): _S.LAPSED,
    (_S.FEE, "decide"): _S.DECIDED,
    (_S.FEE, "withdraw"): _S.CLOSED,
    (_S.LAPSED, "decide"): _S.DECIDED,
    (_S.LAPSED, "deliver"): _S.CLOSED,
    (_S.LAPSED, "archive"): _S.ARCHIVED,
    (_S.DECIDED, "deliver"): _S.CLOSED,
    (_S.CLOSED, "archive"): _S.ARCHIVED,
    # What others answer or do comes when it comes; it moves no state.
    **{(s, v): s for s in (_S.OPEN, _S.CORRECTION, _S.FEE) for v in CONSULTED},
    **{(s, "correct_entry"): s for s in (_S.SUBMITTED, _S.OPEN, _S.CORRECTION, _S.FEE, _S.DECIDED)},
    **{(s, v): s for s in _ANY for v in ("complain", "complaint_ended", "reconsider", "reconsidered", "sue", "judged")},
}
"""Every step that the law knows, by the state in which it may be taken. What is not here is refused."""

PAPERS = {
    "reconsider": ("organ_answer_simple_reconsideration", "提交复议答复和证据"),
    "sue": ("organ_answer_suit", "提交答辩状和证据"),
}
"""What the organ itself owes in a dispute: the rule of `law` by which it is due, and what it is called in the ledger."""

RESULTS = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果"}

assert {verb for _, verb in TABLE} | {"receive"} == set(VERBS)
