"""Verbs on plans: the only writers of this room, one file per topic."""

from gongkai.plans.actions.changes import printed_cells, propose_changes, take_changes
from gongkai.plans.actions.drafts import (
    KEPT_STEPS,
    answer_name,
    begin_intake,
    change_draft,
    change_head,
    confirm_intake,
    day_of_head,
    drop_draft,
    locked,
    undo_draft,
    year_of,
)
from gongkai.plans.actions.tasks import (
    add_tasks,
    bind_name,
    change_tasks,
    name_owners,
    owners_of,
    restore_plan,
    tell_happening,
    undo_tasks,
    withdraw_plan,
)

__all__ = [
    "KEPT_STEPS",
    "add_tasks",
    "answer_name",
    "begin_intake",
    "bind_name",
    "change_draft",
    "change_head",
    "change_tasks",
    "confirm_intake",
    "day_of_head",
    "drop_draft",
    "locked",
    "name_owners",
    "owners_of",
    "printed_cells",
    "propose_changes",
    "restore_plan",
    "take_changes",
    "tell_happening",
    "undo_draft",
    "undo_tasks",
    "withdraw_plan",
    "year_of",
]
