"""Verbs on records: the only writers of this room."""

from gongkai.records.actions.chains import set_chain
from gongkai.records.actions.drafts import (
    attach,
    begin_record,
    cover,
    describe,
    detach,
    drop_draft,
    reveal,
    revise,
    write_draft,
)
from gongkai.records.actions.imports import begin_import, run_import
from gongkai.records.actions.publishing import (
    publish,
    publish_due,
    schedule,
    set_numbering,
    unschedule,
    withdraw,
)
from gongkai.records.actions.review import decide, decide_by_link, link_of, recall, send_link, submit
from gongkai.records.actions.validity import apply_cleanup, decide_validity, open_cleanup, propose

__all__ = [
    "apply_cleanup",
    "attach",
    "begin_import",
    "begin_record",
    "cover",
    "decide",
    "decide_by_link",
    "decide_validity",
    "describe",
    "detach",
    "drop_draft",
    "link_of",
    "open_cleanup",
    "propose",
    "publish",
    "publish_due",
    "recall",
    "reveal",
    "revise",
    "run_import",
    "schedule",
    "send_link",
    "set_chain",
    "set_numbering",
    "submit",
    "unschedule",
    "withdraw",
    "write_draft",
]
