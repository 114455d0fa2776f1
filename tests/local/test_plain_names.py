"""On the deployed platform no client's name lies anywhere, and a kill takes no name away."""

import json
import os
import signal
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.business_day import DayRequest, run_day
from cli.main import run
from cli.output import NEEDS_A_PERSON
from cli.platform import Platform
from infra.local import emulator
from infra.local.bring_up import bring_up
from infra.local.home import Home
from tests.local.conftest import ignore
from tests.patience import wait_until
from tests.reference.samples import account, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.plain_names import names_found
from tests.simulation.test_sanctions import rows

DAY = date(2026, 10, 7)
NAMES = {
    "C-1": "Sigurlaug Hafsteinsdottir",
    "C-TYPO": "Zephirine Kobaldt Refineri",
    "P-7": "Ragnhildur Eigandason",
    "C-MISNAMED": "Valgerdur Rangnefni",
}

pytestmark = pytest.mark.local


def _write(folder: Path) -> None:
    folder.mkdir()
    people = [account(name, name=NAMES[name]) for name in ("C-1", "C-TYPO")]
    misnamed = [account("C-MISNAMED", name=NAMES["C-MISNAMED"])]
    bought = [trade(f"T-{who}", "BUY", "10", "100", account_id=who) for who in ("C-1", "C-TYPO")]
    owned = {"owned": "C-1", "owner": "P-7", "owner_name": NAMES["P-7"], "percent": "60"}
    tables = {"accounts": people, "trades": bought, "owners": [owned], "prices-9": misnamed}
    for name, found in {**standing_rows(), **tables}.items():
        (folder / f"{name}.csv").write_bytes(table_bytes(found))


def _objects(platform: Platform) -> dict[str, bytes]:
    """Read every version of every object of every bucket, and every item."""
    s3, found = platform.client("s3"), dict[str, bytes]()
    for bucket in s3.list_buckets()["Buckets"]:
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket["Name"])
        for one in (one for page in pages for one in page.get("Versions", [])):
            place = {"Bucket": bucket["Name"], "Key": one["Key"]}
            if one["VersionId"] != "null":
                place["VersionId"] = one["VersionId"]
            body = s3.get_object(**place)["Body"].read()
            found[f"{bucket['Name']}/{one['Key']}?{one['VersionId']}"] = body
    for name, physical in platform.tables().items():
        pages = platform.client("dynamodb").get_paginator("scan").paginate(TableName=physical)
        found[f"table {name}"] = str([page["Items"] for page in pages]).encode()
    return found


def _said(capsys: pytest.CaptureFixture[str], *command: str) -> Any:  # noqa: ANN401 - JSON
    capsys.readouterr()
    assert run([*command, "--json"]) in (0, NEEDS_A_PERSON)
    return json.loads(capsys.readouterr().out)


def test_no_name_lies_anywhere_and_a_kill_takes_none_away(
    own_home: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bring_up(own_home, ignore)
    platform = Platform.connect(own_home.folder)
    listed = tmp_path / "house.csv"
    listed.write_bytes(rows())
    _said(capsys, "lists", "load", "HOUSE", str(listed))
    _write(tmp_path / "day")
    report = run_day(platform, DayRequest(tmp_path / "day", DAY, "local", "settle-all"), ignore)
    assert report["trades"]["captured"] == 2
    made = _said(capsys, "documents", "make", "--date", str(DAY))
    assert [one["failed"] for one in made["made"]] == [0]
    (document,) = _said(capsys, "documents", "list", "--account", "C-1")
    objects = _objects(platform)
    assert not [key for key in objects if key.endswith("accounts.csv")]
    assert names_found(objects, NAMES.values()) == set()
    log = {"emulator.log": own_home.log.read_bytes()}
    assert names_found(log, NAMES.values()) == set()
    _kill(own_home)
    bring_up(own_home, ignore)
    out = tmp_path / "confirmation.html"
    got = ["documents", "get", document["document_id"], "--out", str(out), "--format", "html"]
    assert run(got) == 0
    assert NAMES["C-1"] in out.read_text()
    case = next(one for one in _said(capsys, "cases", "list") if one["code"] == "SANCTIONS_HIT")
    shown = _said(capsys, "cases", "show", case["case_id"])
    assert [hit["name"] for hit in shown["hits"]] == [NAMES["C-TYPO"]]
    again = Platform.connect(own_home.folder)
    assert again.keys(again.records_bucket, "accesses/")
    assert names_found(_objects(again), NAMES.values()) == set()


def _kill(home: Home) -> None:
    found = emulator.find(home)
    assert found
    os.kill(found.pid, signal.SIGKILL)
    wait_until("the end of the emulator", lambda: not emulator.find(home))
