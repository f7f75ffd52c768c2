"""Personal data at rest: sealed in the database, in files and in backups; the key lies beside, and can be changed."""

from __future__ import annotations

import datetime as dt
import json
import stat
import zipfile
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.test import override_settings

from gongkai.base import sealing
from gongkai.base.actions import path_of
from gongkai.base.issues import Refused
from gongkai.base.models import File
from gongkai.cases import actions, reads
from gongkai.cases.models import Attachment, Case, Letter, Step
from gongkai.cases.request import applicant_from, mark
from gongkai.site.backup import read_backup, write_backup
from tests.cases import DAY, NATURAL, Town

pytestmark = pytest.mark.django_db

SECRET = ("林小满", "E12345678", "13900001234", "lin@example.cn", "一号楼")


def raw(table: str) -> str:
    """Every column of a table as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return json.dumps(cursor.fetchall(), ensure_ascii=False, default=str)


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, so that its key can be changed."""
    monkeypatch.delenv("GONGKAI_FIELD_KEY", raising=False)
    with override_settings(GONGKAI_DATA_DIR=tmp_path):
        forget()
        yield tmp_path / "field.key"
    forget()


def forget() -> None:
    """What a new process does not know."""
    sealing._known.cache_clear()
    sealing._made.cache_clear()


def asked(town: Town) -> Case:
    case = town.receive(email=SECRET[3], address=SECRET[4])
    actions.ask_third_party(case.pk, "林小满的邻居", "许可", actor=town.who("clerk"), on=DAY)
    actions.attach(case.pk, "identity", "护照.txt", b"E12345678", actor=town.who("clerk"), on=DAY)
    town.decide(case.pk, "not_exist")
    return case


def test_no_column_and_no_file_names_the_applicant(keys: Path, town: Town) -> None:
    case = asked(town)
    for model in (Case, Step, Letter, Attachment):
        held = raw(model._meta.db_table)
        for word in (*SECRET, "林小满的邻居", case.code):
            assert word not in held, (model, word)
    assert "林小满" in Case.objects.get().applicant
    for paper in Attachment.objects.all():
        held = path_of(paper.file_id).read_bytes()
        assert b"E12345678" not in held
        assert sealing.open_sealed(paper.file_id) == b"E12345678"
    assert not [w for w in SECRET if w in raw("base_event")]


def test_the_same_text_is_sealed_otherwise_each_time_and_marked_the_same(keys: Path) -> None:
    assert sealing.seal("林小满") != sealing.seal("林小满")
    assert sealing.unseal(sealing.seal("林小满")) == "林小满"
    assert sealing.seal("") == ""
    assert sealing.mark_of("code", "AB") == sealing.mark_of("code", "AB")
    assert sealing.mark_of("code", "AB") != sealing.mark_of("codeA", "B")
    assert len(sealing.mark_of("x")) == 40


def test_marks_of_applicants() -> None:
    one = mark("natural", applicant_from(NATURAL))
    assert one == mark("natural", applicant_from({**NATURAL, "name": "另写的名字", "id_number": " e1234 5678 "}))
    assert one != mark("natural", applicant_from({**NATURAL, "id_number": "E12345679"}))
    nameless = {"name": "林小满", "phone": "139-0000-1234"}
    assert mark("natural", applicant_from(nameless)) == mark(
        "natural", applicant_from({**nameless, "phone": "13900001234"})
    )
    assert mark("natural", applicant_from({"name": "林小满"})) == ""


def test_the_key_is_made_at_first_use_for_its_owner_only(keys: Path) -> None:
    assert not keys.exists()
    sealing.seal("x")
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    before = keys.read_text()
    forget()
    sealing.seal("x")
    assert keys.read_text() == before


def test_a_new_key_on_top_opens_what_the_old_one_sealed(keys: Path, town: Town) -> None:
    case = asked(town)
    old = keys.read_text()
    keys.write_text(f"{Fernet.generate_key().decode()}\n{old}")
    forget()
    held = reads.by_code(case.code.lower())
    assert held is not None
    assert held.pk == case.pk
    assert "林小满" in held.applicant
    again = town.receive()
    assert again.applicant_mark == held.applicant_mark
    keys.write_text(old)
    forget()
    with pytest.raises(Refused, match="密钥"):
        Case.objects.get(pk=again.pk)  # sealed with the key that is gone


def test_without_the_key_it_is_refused_in_words(keys: Path, town: Town) -> None:
    case = asked(town)
    paper = Attachment.objects.get()
    keys.unlink()
    forget()
    with pytest.raises(Refused, match="打不开加密的内容：缺少当时的密钥"):
        Case.objects.get(pk=case.pk)
    with pytest.raises(Refused, match=r"field\.key"):
        sealing.open_sealed(paper.file_id)


def test_keys_from_the_environment(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (Fernet.generate_key().decode() for _ in range(2))
    monkeypatch.setenv("GONGKAI_FIELD_KEY", one)
    token, mark_before = sealing.seal("林小满"), sealing.mark_of("code", "AB")
    monkeypatch.setenv("GONGKAI_FIELD_KEY", f"{two}\n{one}")
    assert sealing.unseal(token) == "林小满"
    assert sealing.mark_of("code", "AB") == mark_before
    assert not keys.exists()


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_neither_the_key_nor_what_it_seals(keys: Path, town: Town, tmp_path: Path) -> None:
    asked(town)
    out = tmp_path / "backup.zip"
    write_backup(out)
    key = keys.read_text().strip()
    with zipfile.ZipFile(out) as held:
        assert not [n for n in held.namelist() if "field.key" in n]
        for name in held.namelist():
            data = held.read(name)
            assert key.encode() not in data, name
            for word in SECRET:
                assert word.encode() not in data, (name, word)
                assert json.dumps(word)[1:-1].encode() not in data, (name, word)


@pytest.mark.django_db(transaction=True)
def test_a_restored_site_opens_it_with_the_key_only(keys: Path, tmp_path: Path) -> None:
    from django.core.management import call_command

    from gongkai.base.clock import on_day
    from gongkai.cases.actions.letters import written_later

    with on_day(DAY), written_later():
        case = asked(Town.build())
    held = (case.pk, case.code, Case.objects.get().applicant)
    out = tmp_path / "backup.zip"
    write_backup(out)
    call_command("flush", verbosity=0, interactive=False)
    key = keys.read_text()
    keys.unlink()
    forget()
    read_backup(out)  # what is sealed comes back sealed, without the key
    with pytest.raises(Refused, match="密钥"):
        Case.objects.get()
    keys.unlink(missing_ok=True)
    keys.write_text(key)
    forget()
    found = Case.objects.get()
    assert (found.pk, found.code, found.applicant) == held


def test_after_the_term_it_is_gone_and_the_numbers_stay(keys: Path, town: Town) -> None:
    case = asked(town)
    act = {"actor": town.who("clerk"), "on": DAY}
    actions.deliver(case.pk, "in_person", **act)
    actions.archive(case.pk, **act)
    before = reads.annual(2026, town.pk("water"))
    digests = [p.file_id for p in Attachment.objects.all()]
    after = dt.date(2036, 3, 2)
    with pytest.raises(Refused):
        actions.erase(case.pk, actor=town.who("clerk", after), on=after - dt.timedelta(1))
    actions.erase(case.pk, actor=town.who("clerk", after), on=after)
    held = Case.objects.get(pk=case.pk)
    assert (held.applicant, held.applicant_mark) == ("{}", "")
    assert not Attachment.objects.exists()
    assert not File.objects.filter(digest__in=digests).exists()
    assert reads.annual(2026, town.pk("water")) == before
    with pytest.raises(Refused, match="删除"):
        actions.reveal(case.pk, "核对", actor=town.who("clerk"), on=after)
