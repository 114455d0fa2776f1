"""The examiner's package is whole, readable, and proves itself where the project is not."""

import base64
import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from backoffice.formats.readable_records import ReadableRecords
from backoffice.records.proving.package import Wanted, write_package
from backoffice.records.proving.proofs import Archive, NotProvableError, written
from backoffice.records.seal_day import read_seal
from backoffice.records.search.find import Finder
from backoffice.records.search.runs import index_records
from tests.simulation.house import House
from tests.simulation.memory import WorkMemory
from tests.simulation.small_days import DAYS, FIRST, SECOND, run


@pytest.fixture(scope="module")
def house() -> House:
    return run(House(), *DAYS)


def _packed(house: House, wanted: Wanted, folder: Path) -> Path:
    work = WorkMemory("work")
    index_records(house.records, work)
    readable = ReadableRecords(house.records, house.keys).read
    body, again = io.BytesIO(), io.BytesIO()
    for out in (body, again):
        write_package(out, Archive(house.records), Finder(work), wanted, readable)
    assert body.getvalue() == again.getvalue()
    with zipfile.ZipFile(body) as package:
        package.extractall(folder)
    return folder


def _verify(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "verify_records.py", "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603


def test_every_record_of_the_days_is_in_it_byte_for_byte_and_proven(
    house: House, tmp_path: Path
) -> None:
    folder = _packed(house, Wanted(FIRST, SECOND), tmp_path)
    listed = list(csv.DictReader((folder / "index.csv").read_text().splitlines()))
    leaves = [leaf for day in (FIRST, SECOND) for leaf in read_seal(house.records, day).leaves]
    assert {one["key"]: one["sha256"] for one in listed} == dict(leaves)
    for one in listed:
        assert (folder / "objects" / one["key"]).read_bytes() == house.records.objects[one["key"]]
        assert (folder / one["readable"]).is_file() or not one["readable"]
        assert one["readable"] or not one["key"].endswith(".parquet")
    answer = _verify(folder)
    assert (answer.returncode, answer.stdout.splitlines()[-1]) == (0, "PROVEN")
    shown = (folder / "index.html").read_text()
    assert all(one["key"] in shown for one in listed)
    assert "http" not in shown.replace("https://", "http://").split("<style>")[0]


def test_a_changed_or_missing_record_of_the_package_is_refused(
    house: House, tmp_path: Path
) -> None:
    folder = _packed(house, Wanted(FIRST, FIRST), tmp_path)
    path = next(one for one in sorted((folder / "objects").rglob("*.parquet")))
    body = path.read_bytes()
    path.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    answer = _verify(folder)
    assert (answer.returncode, path.name in answer.stdout) == (1, True)
    path.unlink()
    assert "is missing" in _verify(folder).stdout


def test_an_accounts_package_holds_what_concerns_it_and_its_rows_alone(
    house: House, tmp_path: Path
) -> None:
    folder = _packed(house, Wanted(FIRST, SECOND, "C-AVERAGE"), tmp_path)
    listed = list(csv.DictReader((folder / "index.csv").read_text().splitlines()))
    every = sum(len(read_seal(house.records, day).leaves) for day in (FIRST, SECOND))
    assert 0 < len(listed) < every
    shown = [pl.read_csv(folder / one["readable"], infer_schema=False) for one in listed]
    trades = [frame for frame in shown if "trade_id" in frame.columns]
    assert trades
    for frame in trades:
        assert set(frame["account_id"]) == {"C-AVERAGE"}
    assert _verify(folder).returncode == 0


def test_a_package_of_no_sealed_day_is_refused(house: House, tmp_path: Path) -> None:
    with pytest.raises(NotProvableError):
        _packed(house, Wanted(date(2020, 1, 1), date(2020, 1, 2)), tmp_path)


def test_what_no_proof_read_is_refused(house: House, tmp_path: Path) -> None:
    folder = _packed(house, Wanted(FIRST, SECOND), tmp_path)
    planted = folder / "objects" / "planted.csv"
    planted.write_text("said,by,nobody")
    assert "proven by nothing" in _verify(folder).stdout
    planted.unlink()
    path = folder / "proofs" / f"{FIRST}.json"
    proof = json.loads(path.read_bytes())
    item = next(one for one in proof["items"] if one["file"])
    spoilt = folder / item["file"]
    item["content"] = base64.b64encode(spoilt.read_bytes()).decode()
    spoilt.write_bytes(b"something else")
    rest = {name: value for name, value in proof.items() if name != "digest"}
    digest = hashlib.sha256(written(rest)).hexdigest()
    path.write_bytes(written({**rest, "digest": digest}))
    assert _verify(folder).returncode == 1
