"""The chain: an append-only account in which any later change shows, with the number of the first event touched."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction

from gongkai.base import reads
from gongkai.base.actions import SYSTEM, record_event
from gongkai.base.models import Event, Head
from gongkai.base.rules import GENESIS, canonical, hash_of
from tests.base.hands import DAY, HAND, write

pytestmark = pytest.mark.django_db
COUNT = 7
PLACES = [1, 4, 7]

OTHERWISE: dict[str, Any] = {
    "at": dt.datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=dt.UTC),
    "on": dt.date(2026, 3, 3),
    "verb": "nota",
    "person": 8,
    "name": "祝晓蓝",
    "post": "柳溪县财政局 审核",
    "subject": "papar",
    "subject_id": "号9",
    "reason": "据实纪录",
    "payload": '{"第":99}',
    "previous": "0" * 64,
    "hash": "f" * 64,
}
"""For every column but the number another value than the one written."""


def found() -> int | None:
    """The number that the check of the chain names."""
    broken = reads.check_chain()
    return broken.seq if broken else None


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_the_transaction_of_its_change() -> None:
    """An event without its change would make the log a story: outside a transaction nothing is written."""
    with pytest.raises(RuntimeError, match="transaction"):
        record_event("note", "paper", 1, actor=HAND, on=DAY)
    assert not Event.objects.exists() and reads.head() == (0, GENESIS)


@pytest.mark.django_db(transaction=True)
def test_a_change_undone_takes_its_event_along() -> None:
    """What is rolled back leaves neither an event nor a gap in the numbers."""
    write(2)
    with transaction.atomic():
        record_event("note", "paper", 1, actor=HAND, on=DAY)
        transaction.set_rollback(True)
    write(1)
    assert list(Event.objects.values_list("seq", flat=True)) == [1, 2, 3]
    assert reads.check_chain() is None


def test_an_empty_log_holds() -> None:
    assert reads.check_chain() is None and reads.head() == (0, GENESIS)


def test_the_chain_holds_over_many_events() -> None:
    """Numbers run from 1 without a gap, each event names the hash before it, the head is the last event."""
    made = write(120)
    kept = list(Event.objects.all())
    assert [e.seq for e in kept] == list(range(1, 121))
    assert [e.previous for e in kept] == [GENESIS, *(e.hash for e in kept[:-1])]
    assert reads.head() == (120, made[-1].hash)
    assert reads.check_chain() is None
    assert [hash_of(e) for e in kept] == [e.hash for e in made]


def test_an_event_keeps_who_what_when_and_why() -> None:
    """Name and post are kept as they were; the payload comes back as it was given."""
    day = dt.date(2026, 1, 5)
    made = record_event(
        "extend", "case", "甲1", actor=HAND, on=day, reason="需征求意见", payload={"b": day, "a": [1, "二"]}
    )
    kept = Event.objects.get(seq=made.seq)
    assert (kept.person, kept.name, kept.post) == (7, "祝晓岚", "柳溪县财政局 经办")
    assert (kept.verb, kept.subject, kept.subject_id) == ("extend", "case", "甲1")
    assert (kept.on, kept.reason, kept.data) == (day, "需征求意见", {"a": [1, "二"], "b": "2026-01-05"})
    assert abs((dt.datetime.now(dt.UTC) - kept.at).total_seconds()) < 60
    system = record_event("start", "site", 1, actor=SYSTEM, on=day)
    assert (system.person, system.name, system.post, system.data) == (None, "系统", "", {})
    assert reads.check_chain() is None


def test_strange_text_is_hashed_as_it_comes_back() -> None:
    """Blanks, line ends, quotes, astral and combining signs do not break the chain by themselves."""
    for text in ("a\r\nb", "“引”'\"\\", "𠮷野家", "e\u0301", "\u2028\u200b ", "", "<script>"):
        record_event("note", "paper", 1, actor=HAND, on=DAY, reason=text, payload={text: [text, None, 1.5, True]})
    assert reads.check_chain() is None
    assert list(Event.objects.values_list("reason", flat=True))[:2] == ["a\r\nb", "“引”'\"\\"]


def test_equal_payloads_give_equal_bytes() -> None:
    assert canonical({"b": 1, "a": dt.date(2026, 1, 5)}) == canonical({"a": dt.date(2026, 1, 5), "b": 1})
    assert canonical({"b": 1, "甲": [None]}) == '{"b":1,"甲":[null]}'
    with pytest.raises(TypeError, match="does not belong"):
        record_event("note", "paper", 1, actor=HAND, on=DAY, payload={"a": object()})
    assert not Event.objects.exists()


def test_timeline_is_of_one_thing_oldest_first() -> None:
    write(2, subject="task")
    write(3)
    assert [e.seq for e in reads.timeline("paper", "号0")] == [3]
    record_event("note", "paper", "号0", actor=HAND, on=DAY)
    assert [e.seq for e in reads.timeline("paper", "号0")] == [3, 6]
    assert reads.timeline("paper", 404) == []


def test_the_table_of_changes_names_every_column() -> None:
    """A column added to Event without a tampering below it fails here."""
    assert set(OTHERWISE) | {"seq"} == {f.name for f in Event._meta.concrete_fields}


@pytest.mark.parametrize("seq", PLACES)
@pytest.mark.parametrize("column", OTHERWISE)
def test_one_changed_column_is_found(column: str, seq: int) -> None:
    write(COUNT)
    Event.objects.filter(seq=seq).update(**{column: OTHERWISE[column]})
    assert found() == seq


@pytest.mark.parametrize("column", ["verb", "name", "post", "subject", "subject_id", "reason", "payload", "previous"])
def test_every_single_letter_counts(column: str) -> None:
    """Each letter of each text of an event: changed, lost, or one more."""
    write(3)
    text = getattr(Event.objects.get(seq=2), column)
    assert text
    for at in range(len(text)):
        for other in (text[:at] + ("甲" if text[at] != "甲" else "乙") + text[at + 1 :], text[:at] + text[at + 1 :]):
            Event.objects.filter(seq=2).update(**{column: other})
            assert found() == 2, other
    if len(text) < 60:
        Event.objects.filter(seq=2).update(**{column: text + " "})
        assert found() == 2
    Event.objects.filter(seq=2).update(**{column: text})
    assert found() is None


@pytest.mark.parametrize("seq", PLACES)
@pytest.mark.parametrize("step", [dt.timedelta(microseconds=1), dt.timedelta(hours=8), dt.timedelta(days=365)])
def test_the_instant_counts_to_the_microsecond(seq: int, step: dt.timedelta) -> None:
    write(COUNT)
    Event.objects.filter(seq=seq).update(at=Event.objects.get(seq=seq).at + step)
    assert found() == seq


@pytest.mark.parametrize("person", [None, 0, 77])
def test_who_did_it_counts(person: int | None) -> None:
    write(COUNT)
    Event.objects.filter(seq=4).update(person=person)
    assert found() == 4


@pytest.mark.parametrize("seq", PLACES)
def test_a_changed_number_is_found(seq: int) -> None:
    """A number taken elsewhere leaves its place empty: that place is named."""
    write(COUNT)
    Event.objects.filter(seq=seq).update(seq=seq + 100)
    assert found() == seq


@pytest.mark.parametrize("seq", PLACES)
def test_a_deleted_event_is_found(seq: int) -> None:
    write(COUNT)
    Event.objects.filter(seq=seq).delete()
    assert found() == seq
    assert str(reads.check_chain()).count("留痕应到第7条，只剩6条" if seq == COUNT else f"第{seq}条留痕不见了") == 1


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_a_log_cut_short_is_found(kept: int) -> None:
    """The end of a log torn off leaves a chain that holds in itself: the head tells."""
    write(COUNT)
    Event.objects.filter(seq__gt=kept).delete()
    assert found() == kept + 1


@pytest.mark.parametrize("seq", [1, 3, 6])
@pytest.mark.parametrize("with_hashes", [True, False], ids=["whole rows", "without hashes"])
def test_a_swapped_pair_is_found(seq: int, with_hashes: bool) -> None:
    write(COUNT)
    columns = [c for c in OTHERWISE if with_hashes or c not in ("previous", "hash")]
    one, two = (Event.objects.values(*columns).get(seq=s) for s in (seq, seq + 1))
    Event.objects.filter(seq=seq).update(**two)
    Event.objects.filter(seq=seq + 1).update(**one)
    assert found() == seq


def test_a_rehashed_event_is_found_at_the_next() -> None:
    """Who changes an event and makes its own hash right again breaks the link to the one after it."""
    write(COUNT)
    event = Event.objects.get(seq=4)
    event.reason = "改"
    event.hash = hash_of(event)
    event.save()
    assert found() == 5


def test_an_event_slipped_in_at_the_end_is_found() -> None:
    """An event appended without the head is not part of the account."""
    write(COUNT)
    event = Event.objects.get(seq=COUNT)
    event.seq, event.previous = COUNT + 1, event.hash
    event.hash = hash_of(event)
    event.save(force_insert=True)
    assert found() is not None


@pytest.mark.parametrize("change", [{"seq": 6}, {"seq": 8}, {"seq": 0}, {"hash": "0" * 64}, {"hash": GENESIS}])
def test_a_changed_head_is_found(change: dict[str, Any]) -> None:
    """The log itself is whole, so the first place at which it does not hold is after the last event."""
    write(COUNT)
    Head.objects.update(**change)
    assert found() == COUNT + 1


def test_a_lost_head_is_found() -> None:
    write(COUNT)
    Head.objects.all().delete()
    assert found() == COUNT + 1


def test_the_first_break_is_named() -> None:
    write(COUNT)
    Event.objects.filter(seq__in=[3, 5, 6]).update(reason="改")
    broken = reads.check_chain()
    assert broken is not None and broken.seq == 3 and broken.say == "第3条留痕的内容被改动过"


def test_payload_is_kept_as_text() -> None:
    """A database's own JSON may reorder what was hashed: the very text is kept."""
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM base_event")
        assert cursor.fetchone()[0] == '{"第":0}' == json.dumps({"第": 0}, ensure_ascii=False, separators=(",", ":"))


def test_a_moment_given_for_a_day_does_not_break_the_chain() -> None:
    """`on` is a day; a datetime is a date to Python, and must not be hashed as other than what is kept."""
    with suppress(TypeError, ValueError):  # refusing it is as good
        record_event("note", "paper", 1, actor=HAND, on=dt.datetime(2026, 3, 2, 9, 30))
    assert reads.check_chain() is None


@pytest.mark.parametrize(
    ("column", "text"),
    [
        pytest.param("at", "X026-03-02 01:02:03"),
        pytest.param("at", "2026-13-02 01:02:03"),
        pytest.param("on", "2026-13-02"),
        ("on", ""),
        ("on", "X026-03-02"),
    ],
)
def test_a_garbled_date_is_found(column: str, text: str) -> None:
    """In SQLite a date is text: a byte of it changed must be found, not end the check with an error."""
    if connection.vendor != "sqlite":
        pytest.skip("other databases keep no garbled date")
    write(3)
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE base_event SET "{column}" = %s WHERE seq = 2', [text])
    assert found() == 2


def test_a_writer_at_work_is_no_break(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody commits an event between the check's reading of the head and of the log: nothing is broken."""
    write(3)
    plain = reads.head

    def head() -> tuple[int, str]:
        told = plain()
        write(1)
        return told

    monkeypatch.setattr(reads, "head", head)
    assert reads.check_chain() is None
