"""Verbs on what is owed: the only writers of this room, one file per topic."""

from gongkai.ledger.actions.evidence import attach, decide, decide_many, revoke
from gongkai.ledger.actions.reports import note, report, return_report
from gongkai.ledger.actions.settling import reopen, settle

__all__ = [
    "attach",
    "decide",
    "decide_many",
    "note",
    "reopen",
    "report",
    "return_report",
    "revoke",
    "settle",
]
