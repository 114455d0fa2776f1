"""A release is the same bytes from the same sources, and says which it is."""

import hashlib
import os
import tomllib
import zipfile
from pathlib import Path

import backoffice
from infra.local.home import PROJECT
from infra.release import SUMS, bundle, write_sums
from infra.version import VERSION
from tests.infra.conftest import Synthesized


def _assembly(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"of {name}\n")
    return folder


NAMES = ("a.template.json", "asset.1/handler.py", "asset.1/B.py", "asset.2/é.txt")


def test_the_same_sources_give_the_same_bytes_whenever_and_in_whatever_order(
    tmp_path: Path,
) -> None:
    one = _assembly(tmp_path / "one", NAMES)
    other = _assembly(tmp_path / "other", NAMES[::-1])
    os.utime(other / NAMES[0], (1, 1))
    (other / NAMES[0]).chmod(0o600)
    (other / "asset.1" / "__pycache__").mkdir()
    (other / "asset.1" / "__pycache__" / "x.pyc").write_bytes(b"1")
    for folder in (one, other):
        bundle(folder, tmp_path / f"{folder.name}.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert packed.testzip() is None
        assert packed.read("VERSION").decode().strip() == VERSION
        assert {name for name in packed.namelist() if name.startswith("cdk.out/")} == {
            f"cdk.out/{name}" for name in NAMES
        }


def test_what_runs_still_runs(tmp_path: Path) -> None:
    folder = _assembly(tmp_path / "one", NAMES)
    (folder / NAMES[1]).chmod(0o755)
    bundle(folder, tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in packed.infolist()}
    assert (modes[f"cdk.out/{NAMES[1]}"], modes[f"cdk.out/{NAMES[0]}"]) == (0o755, 0o644)


def test_hashes_are_those_of_the_archives(tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"b")
    (tmp_path / "a.zip").write_bytes(b"a")
    write_sums(tmp_path)
    lines = (tmp_path / SUMS).read_text().splitlines()
    assert lines == [f"{hashlib.sha256(n.encode()).hexdigest()}  {n}.zip" for n in ("a", "b")]


def test_one_version_is_said_everywhere(prod: Synthesized) -> None:
    assert backoffice.__version__ == VERSION
    lock = tomllib.loads((PROJECT / "uv.lock").read_text())
    (own,) = [each for each in lock["package"] if each["name"] == "bakskrifstofa"]
    assert own["version"] == VERSION
    for name, template in prod.templates.items():
        assert template["Description"].startswith(f"Bakskrifstofa {VERSION}:"), name
    outputs = prod.templates["Backoffice-prod-state"]["Outputs"]
    assert outputs["Version"]["Value"] == VERSION
    assert f"\n## {VERSION} - " in (PROJECT / "CHANGELOG.md").read_text()
