"""A customer's document on the deployed platform: added, sealed, verified, read on record."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from cli.api import Api
from cli.business_day import DayRequest, run_day
from cli.commands.books import view
from cli.main import run
from cli.output import DONE, FAILED, NEEDS_A_PERSON
from cli.platform import Platform
from cli.staff import sign_in
from infra.local.bring_up import take_down
from infra.local.home import HOME_VARIABLE, Home
from tests.reference.samples import CLIENT, account, standing_rows, trade
from tests.reference.writing import table_bytes

pytestmark = pytest.mark.local

FIRST, SECOND, THIRD = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
SCAN = b"%PDF-1.7 " + bytes(range(256)) * 64


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Bring up a platform that has closed a day in which it came to know a customer."""
    home, folder = Home(tmp_path_factory.mktemp("documents")), tmp_path_factory.mktemp("day")
    tables = standing_rows() | {"accounts": [account(CLIENT)]}
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_bytes(table_bytes(rows))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(HOME_VARIABLE, str(home.folder))
        made = Platform.ensure_up(home.folder, _ignore)
        _run_day(made, folder, FIRST)
        yield made
    take_down(home, wipe=True, tell=_ignore)


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


def _run_day(platform: Platform, folder: Path, day: date) -> None:
    sold = trade(f"T-{day}", "BUY", "1", "100", trade_time=f"{day}T14:00:00Z")
    (folder / f"trades-{day}.csv").write_bytes(table_bytes([sold]))
    run_day(platform, DayRequest(folder, day, "local", "settle-all"), _ignore)


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = run([*arguments, "--json"])
    out = capsys.readouterr().out
    return code, json.loads(out) if out else None


def _document(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    return _said(capsys, "customers", "document", *arguments)


def _records(platform: Platform) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in json.loads(view(platform, "records", "json")):
        found.setdefault(row["class"], []).append(row)
    return found


def test_a_document_is_added_sealed_verified_and_shown(
    platform: Platform, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scan, out = tmp_path / "vegabréf.pdf", tmp_path / "out.pdf"
    scan.write_bytes(SCAN)
    said = ("--kind", "PASSPORT", "--number", "A1", "--country", "IS", "--expires", "2026-10-20")
    add = ("add", CLIENT, str(scan), *said, "--as", "anna")
    code, kept = _document(capsys, *add)
    assert (code, kept["kind"], kept["added_by"]) == (DONE, "PASSPORT", "anna")
    assert _document(capsys, *add) == (DONE, kept)
    assert _document(capsys, "list", CLIENT) == (DONE, [kept])
    show = ("show", CLIENT, kept["document_id"], "--out", str(out), "--as", "bella")
    code, shown = _document(capsys, *show)
    assert (code, shown["name"], shown["number"]) == (DONE, "vegabréf.pdf", "A1")
    assert out.read_bytes() == SCAN
    assert run(["records", "verify"]) == DONE
    (tmp_path / "second").mkdir()
    _run_day(platform, tmp_path / "second", SECOND)
    found = _records(platform)
    assert {row["sealed_in"] for name in ("documents", "accesses") for row in found[name]} == {
        str(SECOND)
    }
    assert (len(found["documents"]), len(found["accesses"])) == (1, 1)
    access = json.loads(platform.read(platform.records_bucket, found["accesses"][0]["key"]))
    assert (access["actor"], access["document_id"]) == ("bella", kept["document_id"])
    assert SCAN not in platform.read(platform.records_bucket, found["documents"][0]["key"])
    assert run(["records", "verify"]) == DONE
    out.unlink()
    assert _document(capsys, *show)[0] == DONE
    assert out.read_bytes() == SCAN


def test_a_document_that_expires_is_a_case(
    platform: Platform, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, told = _said(capsys, "customers", "review", "--date", str(THIRD))
    assert (code, told["documents"]) == (NEEDS_A_PERSON, 1)
    _run_day(platform, tmp_path, THIRD)
    cases = json.loads(view(platform, "cases", "json"))
    assert [(row["code"], row["subject"]) for row in cases if row["status"] == "OPEN"] == [
        ("DOCUMENT_EXPIRES", f"{CLIENT} PASSPORT 2026-10-20")
    ]


def test_who_is_no_maker_adds_nothing_and_an_unknown_account_has_nothing(
    platform: Platform, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    place = f"/customers/{CLIENT}/documents"
    clerk = Api(platform.api_url, sign_in(platform, f"clerk-{uuid4().hex[:6]}", groups=()))
    sent = {"kind": "OTHER", "name": "a", "media_type": "text/plain", "content": "YQ=="}
    assert (clerk.post(place, sent)[0], clerk.get(place)[0]) == (403, 403)
    assert Api(platform.api_url, "forged").get(place)[0] == 401
    assert _document(capsys, "list", "NOBODY")[0] == FAILED
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(4 * 2**20 + 1))
    assert _document(capsys, "add", CLIENT, str(large), "--kind", "OTHER")[0] == FAILED
    large.write_bytes(bytes(4 * 2**20))
    code, kept = _document(capsys, "add", CLIENT, str(large), "--kind", "OTHER")
    assert code == DONE
    out = tmp_path / "back.bin"
    show = ("show", CLIENT, kept["document_id"], "--out", str(out))
    assert _document(capsys, *show)[0] == DONE
    assert out.read_bytes() == large.read_bytes()


def test_once_the_clients_key_is_destroyed_nobody_reads_the_document(
    platform: Platform, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    s3, bucket = platform.client("s3"), platform.outputs["KeysBucket"]
    for version in s3.list_object_versions(Bucket=bucket)["Versions"]:
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    listed = _document(capsys, "list", CLIENT)[1]
    out = tmp_path / "out.pdf"
    for document in listed:
        show = ("document", "show", CLIENT, document["document_id"], "--out", str(out))
        capsys.readouterr()
        assert run(["customers", *show]) == FAILED
        assert "is destroyed" in capsys.readouterr().err
    assert not out.exists()
    assert run(["records", "verify"]) == DONE
