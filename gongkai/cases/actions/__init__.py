"""Verbs on cases: the only writers. One function for each."""

from gongkai.cases.actions.answers import check_answer, draft_answer, drop_answer, return_answer, sign_answer
from gongkai.cases.actions.applicant import correct_by_applicant, reasons_by_applicant, withdraw_by_applicant
from gongkai.cases.actions.delivery import archive, deliver
from gongkai.cases.actions.disputes import (
    complain,
    complaint_ended,
    dispute_answered,
    judged,
    reconsider,
    reconsidered,
    sue,
)
from gongkai.cases.actions.intake import confirm, join, receive, split, submit, transfer
from gongkai.cases.actions.letters import document, retire_template, set_template
from gongkai.cases.actions.openings import decide_opening, suggest_opening
from gongkai.cases.actions.papers import attach, supply, take_out
from gongkai.cases.actions.privacy import erase, reveal, show_code
from gongkai.cases.actions.setup import change_setup
from gongkai.cases.actions.steps import (
    approve_extension,
    ask_co_producer,
    ask_correction,
    ask_reasons,
    ask_third_party,
    assign,
    co_producer_replied,
    correction_lapsed,
    correction_received,
    fee_lapsed,
    fee_notice,
    fee_paid,
    notify_extension,
    reasons_given,
    set_date,
    third_party_replied,
    withdraw,
)
from gongkai.cases.actions.supervision import answer_question, ask_question, keep_precedent

__all__ = [
    "answer_question",
    "approve_extension",
    "archive",
    "ask_co_producer",
    "ask_correction",
    "ask_question",
    "ask_reasons",
    "ask_third_party",
    "assign",
    "attach",
    "change_setup",
    "check_answer",
    "co_producer_replied",
    "complain",
    "complaint_ended",
    "confirm",
    "correct_by_applicant",
    "correction_lapsed",
    "correction_received",
    "decide_opening",
    "deliver",
    "dispute_answered",
    "document",
    "draft_answer",
    "drop_answer",
    "erase",
    "fee_lapsed",
    "fee_notice",
    "fee_paid",
    "join",
    "judged",
    "keep_precedent",
    "notify_extension",
    "reasons_by_applicant",
    "reasons_given",
    "receive",
    "reconsider",
    "reconsidered",
    "retire_template",
    "return_answer",
    "reveal",
    "set_date",
    "set_template",
    "show_code",
    "sign_answer",
    "split",
    "submit",
    "sue",
    "suggest_opening",
    "supply",
    "take_out",
    "third_party_replied",
    "transfer",
    "withdraw",
    "withdraw_by_applicant",
]
