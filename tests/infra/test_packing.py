"""Code as it travels: what is left out, and when it is the same."""

import io
import zipfile
from pathlib import Path

from infra.local.packing import content_hash, packed


def _folder(place: Path) -> Path:
    place.mkdir()
    (place / "handler.py").write_text("def main():\n    return 1\n")
    (place / "__pycache__").mkdir()
    (place / "__pycache__" / "handler.pyc").write_bytes(b"old")
    (place / ".hidden").write_text("no")
    (place / "data.toml").write_text("a = 1\n")
    return place


def test_sources_travel_with_what_they_compile_to_and_nothing_hidden(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(_folder(tmp_path / "a")))) as archive:
        names = archive.namelist()
    assert [name for name in names if not name.startswith("__pycache__/")] == [
        "data.toml",
        "handler.py",
    ]
    assert any(name.startswith("__pycache__/handler.cpython-") for name in names)


def test_a_link_to_a_folder_travels_as_its_files(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "a")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "venues.toml").write_text("b = 2\n")
    (folder / "rulebook").symlink_to(tmp_path / "rules")
    before = content_hash(folder)
    with zipfile.ZipFile(io.BytesIO(packed(folder))) as archive:
        assert archive.read("rulebook/venues.toml") == b"b = 2\n"
    (tmp_path / "rules" / "venues.toml").write_text("b = 3\n")
    assert content_hash(folder) != before


def test_equal_content_has_one_hash_wherever_it_stands(tmp_path: Path) -> None:
    assert content_hash(_folder(tmp_path / "a")) == content_hash(_folder(tmp_path / "b"))


def test_a_source_that_does_not_compile_travels_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("def main(:\n")
    with zipfile.ZipFile(io.BytesIO(packed(tmp_path))) as archive:
        assert archive.namelist() == ["handler.py"]
