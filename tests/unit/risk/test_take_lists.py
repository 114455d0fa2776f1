"""The job that takes lists: from the drop bucket, or from where authorities publish them."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.handlers import load_handler
from tests.unit.formats.sanctions_files import ALT, EU, SDN, UN
from tests.unit.risk.web_server import serving
from tests.unit.stores.aws import aws, make_bucket

HOUSE = b"entry_id,name\nH1,Example Trading Nobody\n"


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    monkeypatch.setenv("RECORDS_BUCKET", "records")
    monkeypatch.setenv("DROPS_BUCKET", "drops")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "risk")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    with aws(monkeypatch):
        make_bucket("records", versioned=True)
        make_bucket("drops").put_object(Bucket="drops", Key="lists/HOUSE/house.csv", Body=HOUSE)
        yield load_handler("risk/take_lists")


def _sources(monkeypatch: pytest.MonkeyPatch, **sources: list[str]) -> None:
    monkeypatch.setenv("LIST_SOURCES", json.dumps(sources))


def test_a_list_comes_from_its_addresses_and_the_others_from_the_bucket(
    job: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    published = {
        "/exports/SDN.CSV": SDN.encode(),
        "/exports/ALT.CSV": ALT.encode(),
        "/eu/content": EU.encode(),
        "/un.xml": UN.encode(),
    }
    with serving(tmp_path, published) as url:
        ofac = [f"{url}/exports/SDN.CSV", f"{url}/exports/ALT.CSV"]
        _sources(monkeypatch, OFAC=ofac, EU=[f"{url}/eu/content?token=1/2"], UN=[f"{url}/un.xml"])
        told = job.main({}, None)["lists"]
        again = job.main({"list": "OFAC"}, None)["lists"]
    assert {row["list"]: (row["status"], row["number"]) for row in told} == dict.fromkeys(
        ("OFAC", "EU", "UN", "HOUSE"), ("IN_FORCE", 1)
    )
    assert again == [{"list": "OFAC", "status": "UNCHANGED"}]


@pytest.mark.parametrize("answer", ["http://127.0.0.1:1/un.xml", "/nowhere"])
def test_a_source_that_is_silent_or_leaves_https_stops_no_other(
    answer: str, job: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving(tmp_path, {"/un.xml": answer}) as url:
        _sources(monkeypatch, UN=[f"{url}/un.xml"], EU=["http://127.0.0.1/eu.xml"])
        with pytest.raises(job.SourceError, match=r"EU: .* no https address; UN: .*") as error:
            job.main({}, None)
    assert ("sent on to what is no https address" in str(error.value)) is ("http:" in answer)
    assert job.main({"list": "HOUSE"}, None)["lists"] == [{"list": "HOUSE", "status": "UNCHANGED"}]


def test_a_redirection_within_https_is_followed(
    job: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving(tmp_path, {"/list": "/un.xml", "/un.xml": UN.encode()}) as url:
        _sources(monkeypatch, UN=[f"{url}/list"])
        assert job.main({"list": "UN"}, None)["lists"][0]["status"] == "IN_FORCE"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"content-length": "900000"}, "ends after"),
        ({"transfer-encoding": "chunked"}, "cannot be fetched"),
    ],
)
def test_a_list_that_ends_too_early_is_refused_and_stops_no_other(
    said: dict[str, str],
    why: str,
    job: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    with serving(tmp_path, {"/sdn.csv": SDN.encode()}, said) as url:
        _sources(monkeypatch, OFAC=[f"{url}/sdn.csv"])
        with pytest.raises(job.SourceError, match=why):
            job.main({}, None)
    assert job.main({"list": "HOUSE"}, None)["lists"] == [{"list": "HOUSE", "status": "UNCHANGED"}]


@pytest.mark.parametrize("url", ["https://127.0.0.1:x/a", "https://[x/a", "https://127.0.0.1/a b"])
def test_what_is_no_address_stops_no_other_list(
    url: str, job: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sources(monkeypatch, OFAC=[url])
    with pytest.raises(job.SourceError, match="OFAC: "):
        job.main({}, None)
    assert job.main({"list": "HOUSE"}, None)["lists"] == [{"list": "HOUSE", "status": "UNCHANGED"}]
