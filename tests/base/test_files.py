"""Files are kept under the digest of their bytes, once, whole before their row; what is lost or changed is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from gongkai.base.actions import keep_file, path_of
from gongkai.base.models import File
from gongkai.base.reads import check_files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder of the test's own."""
    with override_settings(GONGKAI_DATA_DIR=tmp_path):
        yield tmp_path


def kept(folder: Path) -> list[str]:
    """Names of all files in the folder."""
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


def test_bytes_lie_under_their_digest(folder: Path) -> None:
    file = keep_file(b"abc", "方案.docx")
    # FIPS 180-2, appendix B.1
    assert file.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert path_of(file.digest) == folder / "files" / "ba" / file.digest
    assert path_of(file.digest).read_bytes() == b"abc"
    assert (file.size, file.name) == (3, "方案.docx")
    assert check_files() == []


def test_the_same_bytes_are_kept_once(folder: Path) -> None:
    """The second name is not lost information here: who attaches a file keeps the name of the attachment."""
    first = keep_file(b"same", "一.txt")
    again = keep_file(b"same", "二.txt")
    assert again.digest == first.digest and again.name == "一.txt"
    assert File.objects.count() == 1 and kept(folder) == [first.digest]
    keep_file(b"other", "一.txt")
    assert File.objects.count() == 2 and len(kept(folder)) == 2


def test_nothing_half_written_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails leaves neither a file, nor a half of one, nor a row."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep_file(b"abc", "a.txt")
    assert kept(folder) == [] and not File.objects.exists()


def test_an_empty_file_is_a_file() -> None:
    file = keep_file(b"", "空.txt")
    assert file.digest == hashlib.sha256(b"").hexdigest() and file.size == 0 and check_files() == []


@pytest.mark.parametrize("at", [0, 500, 999])
def test_a_changed_byte_is_found(at: int) -> None:
    file = keep_file(bytes(1000), "甲.pdf")
    keep_file(b"whole", "乙.pdf")
    data = bytearray(1000)
    data[at] = 1
    path_of(file.digest).write_bytes(data)
    assert check_files() == ["甲.pdf：文件内容被改动过"]


@pytest.mark.parametrize("data", [b"", b"abcd", b"ab"], ids=["emptied", "longer", "shorter"])
def test_another_length_is_found(data: bytes) -> None:
    path_of(keep_file(b"abc", "甲.pdf").digest).write_bytes(data)
    assert check_files() == ["甲.pdf：文件内容被改动过"]


def test_a_missing_file_is_found() -> None:
    file = keep_file(b"abc", "甲.pdf")
    keep_file(b"whole", "乙.pdf")
    path_of(file.digest).unlink()
    assert check_files() == ["甲.pdf：文件不见了"]
    keep_file(b"abc", "甲.pdf")
    assert check_files() == []


def test_keeping_changed_bytes_again_mends_them() -> None:
    """Who has the whole bytes at hand and keeps them leaves them whole: a damaged file is not taken for them."""
    file = keep_file(b"abc", "甲.pdf")
    path_of(file.digest).write_bytes(b"abX")
    keep_file(b"abc", "甲.pdf")
    assert check_files() == []


@pytest.mark.parametrize(
    ("hostile", "tidy"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\公文\\方案.docx", "方案.docx"),
        ("\\\\server\\share\\a.xls", "a.xls"),
        ("/", "未命名"),
        ("", "未命名"),
        ("   ", "未命名"),
        ("a/", "未命名"),
        ("方案\r\nSet-Cookie: x.docx", "方案Set-Cookie: x.docx"),
        ("方案\x00.docx", "方案.docx"),
        ("方案\u202efdp.exe", "方案fdp.exe"),
        ("\ufeff方案\u200b.docx", "方案.docx"),
        ("\ud800a.txt", "a.txt"),
        ("  方案 .docx ", "方案 .docx"),
        ("长" * 300 + ".docx", "长" * 195 + ".docx"),
    ],
)
def test_hostile_names_are_tidied(hostile: str, tidy: str) -> None:
    """No path, no control sign, no turned writing direction, no excess: and the ending stays."""
    assert keep_file(b"abc", hostile).name == tidy
    assert File.objects.get().name == tidy


@pytest.mark.parametrize("dots", [".", "..", "a/..", "..\\.."])
def test_a_name_of_dots_is_a_path_not_a_name(dots: str) -> None:
    assert keep_file(b"abc", dots).name == "未命名"
