"""The zip of a case: whole it is found whole, and any byte changed in it is found."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from gongkai.base.issues import Refused
from gongkai.cases import actions
from gongkai.cases.bundle import EVENTS, LIST, SEAL, check_bundle, export_case
from gongkai.cases.models import Attachment, Letter
from tests.cases import DAY, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def bundle(db: None) -> bytes:
    made = Town.build()
    case = made.receive(name="裴满仓")
    actions.attach(case.pk, "form", "签名的申请表.pdf", b"%PDF-1.4 signed", actor=made.who("clerk"), on=DAY)
    return export_case(case.pk, actor=made.who("clerk"), on=DAY, pdf=False)[1]


def changed(data: bytes, name: str, into: bytes | None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
            elif into is not None:
                new.writestr(entry, into)
        if name not in old.namelist() and into is not None:
            new.writestr(name, into)
    return out.getvalue()


def test_whole(bundle: bytes) -> None:
    found = check_bundle(bundle, key=True)
    assert found.broken == [] and found.ours is True
    assert found.files >= 6 and found.events >= 3  # received, attached, exported
    with zipfile.ZipFile(io.BytesIO(bundle)) as held:
        names = held.namelist()
        assert "文书/01-政府信息公开申请登记表.docx" in names
        assert held.read("材料/01-签名的申请表-签名的申请表.pdf") == b"%PDF-1.4 signed"
        assert json.loads(held.read("案卷.json"))["申请人"]["name"] == "裴满仓"


def test_what_is_kept_here_is_sealed(bundle: bytes) -> None:
    folder = Path(settings.GONGKAI_DATA_DIR) / "files"
    kept = [*Letter.objects.values_list("file_id", flat=True), *Attachment.objects.values_list("file_id", flat=True)]
    assert kept
    for digest in filter(None, kept):
        data = (folder / digest[:2] / digest).read_bytes()
        assert not data.startswith((b"PK", b"%PDF"))


@pytest.mark.parametrize(
    "name", ["案卷.json", "步骤.json", EVENTS, LIST, SEAL, "材料/01-签名的申请表-签名的申请表.pdf"]
)
def test_a_changed_byte_is_found(bundle: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle)) as held:
        data = held.read(name)
    at = len(data) // 2
    other = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    found = check_bundle(changed(bundle, name, other), key=True)
    assert found.broken or found.ours is False


def test_a_file_more_or_less_is_found(bundle: bytes) -> None:
    assert check_bundle(changed(bundle, "步骤.json", None), key=True).broken == ["缺少步骤.json"]
    assert check_bundle(changed(bundle, "多的.txt", b"x"), key=True).broken == ["多出多的.txt"]


def test_whoever_seals_it_anew_has_not_our_seal(bundle: bytes) -> None:
    """Somebody changes the case and makes a fitting list: the digests hold, the seal does not."""
    import hashlib

    with zipfile.ZipFile(io.BytesIO(bundle)) as held:
        told = json.loads(held.read("案卷.json"))
        listed = json.loads(held.read(LIST))
    told["结果"] = "disclosed"
    data = json.dumps(told, ensure_ascii=False).encode()
    listed["文件"]["案卷.json"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    manifest = json.dumps(listed, ensure_ascii=False).encode()
    seal = f"sha256 {hashlib.sha256(manifest).hexdigest()}\nseal {'0' * 40}\n".encode()
    forged = changed(changed(changed(bundle, "案卷.json", data), LIST, manifest), SEAL, seal)
    found = check_bundle(forged, key=True)
    assert found.broken == [] and found.ours is False


def test_what_is_no_case_is_refused(tmp_path: Path) -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("a.txt", "x")
    for data in (b"", b"no zip", other.getvalue()):
        with pytest.raises(Refused, match="不是案卷"):
            check_bundle(data, key=False)


def test_the_command(bundle: bytes, tmp_path: Path) -> None:
    """`gongkai verify FILE` on a machine that has no key: the content is checked, and no key is made there."""
    (tmp_path / "a.zip").write_bytes(bundle)
    (tmp_path / "b.zip").write_bytes(changed(bundle, "步骤.json", b"[]"))
    env = {"PATH": "/usr/bin:/bin", "GONGKAI_DATA_DIR": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}

    def verify(name: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "gongkai", "verify", str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, timeout=60)
        return done.returncode, done.stdout + done.stderr

    code, said = verify("a.zip")
    assert code == 0 and "案卷完好" in said and "没有密钥" in said
    code, said = verify("b.zip")
    assert code == 1 and "步骤.json被改动过" in said
    assert verify("c.zip")[0] == 2
    assert not (tmp_path / "data" / "field.key").exists()
