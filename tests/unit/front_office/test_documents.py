"""The function of customers' documents, with moto in place of AWS."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import boto3
import polars as pl
import pytest

from backoffice.clearance.document_accesses import Access
from backoffice.formats.key_rings import ring_of
from backoffice.front_office.document_models import LARGEST_FILE, LONGEST_CONTENT
from backoffice.stores.key_rings import KeyRings
from backoffice.stores.objects import RecordBucket
from backoffice.stores.ring_bucket import RingBucket
from backoffice.stores.served_tables import ServedTable
from tests.handlers import load_handler
from tests.unit.front_office.api_events import Context, event
from tests.unit.stores.aws import REGION, aws, make_bucket, make_table

PASSPORT = {
    "kind": "PASSPORT",
    "name": "passport.pdf",
    "media_type": "application/pdf",
    "content": base64.b64encode(b"%PDF secret").decode(),
    "number": "A1234567",
    "country": "IS",
    "expires": "2031-01-01",
}
MAKER, CHECKER, CLERK = (
    {"username": "anna", "cognito:groups": "[case-makers]"},
    {"username": "bella", "cognito:groups": "[case-checkers]"},
    {"username": "carl"},
)
APP = {"client_id": "app1", "scope": "backoffice/customers.read backoffice/customers.write"}
RING = f"clients/ring-{ring_of('C-1'):02}.json"
PLACE = "/customers/C-1/documents"


class Desk:
    """The function, its buckets, and who asks it."""

    def __init__(self) -> None:
        self.records_s3 = make_bucket("records")
        self.keys_s3 = make_bucket("keys", versioned=True)
        self.records = RecordBucket(self.records_s3, "records")
        accounts = pl.DataFrame(
            {"account_id": ["C-1", "C-2", "H-1"], "kind": ["CLIENT", "CLIENT", "HOUSE"]}
        )
        part = self.records.keep("reference", date(2026, 10, 7), accounts)
        pointer = {"pk": "BOOKS", "sk": "REFERENCE", "parts": {"accounts": part.key}}
        ServedTable(make_table("reference"), "reference").replace_all([pointer])
        self._handler = load_handler("clearance/keep_documents")

    def __call__(
        self, claims: dict[str, str], method: str, path: str, body: object = None
    ) -> tuple[int, Any]:
        asked = event(method, path, body)
        asked["requestContext"]["authorizer"]["jwt"]["claims"] = claims
        answer = self._handler.main(asked, Context(function_name="keep_documents"))
        problem = answer["statusCode"] >= 400
        kind = "application/problem+json" if problem else "application/json"
        assert answer["headers"]["Content-Type"] == kind
        return answer["statusCode"], json.loads(answer["body"])

    def set_clock(self, patch: pytest.MonkeyPatch, now: datetime) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return now.astimezone(tz)

        patch.setattr(self._handler, "datetime", Clock)

    def change(self, **said: object) -> None:
        """Change what the header of the one document says."""
        (key,) = self.records.keys("documents/")
        line, end, ciphertext = self.records.read_bytes(key).partition(b"\n")
        header = json.dumps({**json.loads(line), **said}).encode()
        self.records_s3.put_object(Bucket="records", Key=key, Body=header + end + ciphertext)

    def accesses(self) -> list[Access]:
        keys = self.records.keys("accesses/")
        return [Access.model_validate_json(body) for body in self.records.read_many(keys)]

    def destroy_keys(self) -> None:
        for version in self.keys_s3.list_object_versions(Bucket="keys")["Versions"]:
            place = {"Key": version["Key"], "VersionId": version["VersionId"]}
            self.keys_s3.delete_object(Bucket="keys", **place)  # type: ignore[arg-type]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for name in ("records", "keys"):
        monkeypatch.setenv(f"{name.upper()}_BUCKET", name)
    monkeypatch.setenv("REFERENCE_TABLE", "reference")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "clearance")
    with aws(monkeypatch):
        made = boto3.client("kms", region_name=REGION).create_key()["KeyMetadata"]["Arn"]
        monkeypatch.setenv("KEY_ARN", made)
        yield Desk()


def test_a_document_is_added_listed_and_read_on_record(desk: Desk) -> None:
    status, added = desk(MAKER, "POST", PLACE, PASSPORT)
    assert (status, added["kind"], added["added_by"]) == (201, "PASSPORT", "anna")
    assert (added["expires"], added["account_id"]) == ("2031-01-01", "C-1")
    assert desk(CHECKER, "GET", PLACE) == (200, {"documents": [added], "unreadable": []})
    assert desk.accesses() == []
    status, shown = desk(CHECKER, "GET", f"{PLACE}/{added['document_id']}")
    told = {name: PASSPORT[name] for name in ("name", "number", "country", "content")}
    assert (status, shown) == (200, {"document": added, **told})
    (access,) = desk.accesses()
    assert (access.actor, access.groups) == ("bella", ("case-checkers",))
    assert (access.account_id, access.document_id) == ("C-1", added["document_id"])


def test_what_is_kept_shows_nothing_of_it(desk: Desk) -> None:
    desk(MAKER, "POST", PLACE, PASSPORT)
    (key,) = desk.records.keys("documents/")
    body = desk.records.read_bytes(key)
    for secret in (b"secret", b"passport.pdf", b"A1234567"):
        assert secret not in body
        assert secret.decode() not in key


def test_a_document_sent_again_is_the_same_one_and_another_is_another(desk: Desk) -> None:
    first = desk(MAKER, "POST", PLACE, PASSPORT)[1]
    other_maker = {**MAKER, "username": "dora"}
    assert desk(other_maker, "POST", PLACE, PASSPORT) == (200, first)
    for changed in (
        {"number": "B1"},
        {"expires": "2032-01-01"},
        {"content": base64.b64encode(b"another").decode()},
    ):
        assert desk(MAKER, "POST", PLACE, {**PASSPORT, **changed})[0] == 201
    elsewhere = desk(MAKER, "POST", "/customers/C-2/documents", PASSPORT)[1]
    assert elsewhere["document_id"] != first["document_id"]
    assert len(desk(MAKER, "GET", PLACE)[1]["documents"]) == 4
    assert len(desk.records.keys("documents/")) == 5


@pytest.mark.parametrize(
    ("claims", "adds", "reads"),
    [(MAKER, 201, 200), (CHECKER, 403, 200), (CLERK, 403, 403), (APP, 403, 403)],
)
def test_makers_add_the_desk_reads_and_no_app_does_either(
    desk: Desk, claims: dict[str, str], adds: int, reads: int
) -> None:
    kept = desk(MAKER, "POST", PLACE, {**PASSPORT, "kind": "OTHER"})[1]
    assert desk(claims, "POST", PLACE, PASSPORT)[0] == adds
    assert desk(claims, "GET", PLACE)[0] == reads
    assert desk(claims, "GET", f"{PLACE}/{kept['document_id']}")[0] == reads
    assert len(desk.accesses()) == (reads == 200)


def test_nobodys_documents_are_not_found(desk: Desk) -> None:
    assert desk(MAKER, "GET", PLACE) == (200, {"documents": [], "unreadable": []})
    for unknown in ("C-9", "H-1", "..", "x" * 41):
        assert desk(MAKER, "GET", f"/customers/{unknown}/documents")[0] == 404
        assert desk(MAKER, "POST", f"/customers/{unknown}/documents", PASSPORT)[0] == 404
    kept = desk(MAKER, "POST", PLACE, PASSPORT)[1]["document_id"]
    for place in (f"/customers/C-2/documents/{kept}", f"{PLACE}/{'0' * 32}", f"{PLACE}/x"):
        assert desk(MAKER, "GET", place)[0] == 404
    assert desk.accesses() == []
    assert desk.keys_s3.list_objects_v2(Bucket="keys")["KeyCount"] == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "VISA"},
        {"name": ""},
        {"name": "\ud800"},
        {"media_type": "pdf"},
        {"content": "!"},
        {"content": ""},
        {"content": None},
        {"country": "XX"},
        {"country": "is"},
        {"number": "1" * 65},
        {"expires": "1"},
        {"expires": None},
        {"expires": "2031-02-30"},
        {"expires": "2031-01-01T00:00:00"},
        {"added_by": "bella"},
    ],
)
def test_what_is_no_document_is_refused_and_leaves_nothing(
    desk: Desk, changed: dict[str, object]
) -> None:
    status, problem = desk(MAKER, "POST", PLACE, {**PASSPORT, **changed})
    assert (status, problem["title"]) == (422, "Unprocessable Entity")
    assert desk.records.keys("documents/") == []
    assert desk.keys_s3.list_objects_v2(Bucket="keys")["KeyCount"] == 0


def test_who_destroyed_the_key_destroyed_the_document_and_may_begin_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as yesterday:
        desk.set_clock(yesterday, datetime.now(UTC) - timedelta(days=1))
        kept = desk(MAKER, "POST", PLACE, PASSPORT)[1]
    desk.destroy_keys()
    status, problem = desk(CHECKER, "GET", f"{PLACE}/{kept['document_id']}")
    assert (status, "is destroyed" in problem["detail"]) == (410, True)
    again = desk(MAKER, "POST", PLACE, PASSPORT)
    assert (again[0], again[1]["document_id"] != kept["document_id"]) == (201, True)
    assert desk(CHECKER, "GET", f"{PLACE}/{kept['document_id']}")[0] == 410
    assert desk(CHECKER, "GET", f"{PLACE}/{again[1]['document_id']}")[0] == 200
    assert len(desk(CHECKER, "GET", PLACE)[1]["documents"]) == 2
    assert len(desk.accesses()) == 3


def test_of_who_was_erased_nothing_is_kept_any_more(desk: Desk) -> None:
    kept = desk(MAKER, "POST", PLACE, PASSPORT)[1]
    kms = boto3.client("kms", region_name=REGION)
    KeyRings(RingBucket(desk.keys_s3, "keys"), kms, "").destroy("C-1")
    for sent in (PASSPORT, {**PASSPORT, "name": "b"}):
        status, problem = desk(MAKER, "POST", PLACE, sent)
        assert (status, "was erased" in problem["detail"]) == (410, True)
    assert desk(CHECKER, "GET", f"{PLACE}/{kept['document_id']}")[0] == 410
    assert len(desk.records.keys("documents/")) == 1


def test_a_changed_record_or_key_is_said_to_be_and_calls_a_person(desk: Desk) -> None:
    kept = desk(MAKER, "POST", PLACE, PASSPORT)[1]
    (key,) = desk.records.keys("documents/")
    body = desk.records.read_bytes(key)
    spoilt = body[:-1] + bytes([body[-1] ^ 1])
    desk.records_s3.put_object(Bucket="records", Key=key, Body=spoilt)
    status, problem = desk(CHECKER, "GET", f"{PLACE}/{kept['document_id']}")
    assert (status, "not what was written" in problem["detail"]) == (500, True)
    desk.records_s3.put_object(Bucket="records", Key=key, Body=body)
    assert desk(CHECKER, "GET", f"{PLACE}/{kept['document_id']}")[0] == 200
    desk.keys_s3.put_object(Bucket="keys", Key=RING, Body=b"another")
    for claims, method, place, sent in (
        (CHECKER, "GET", f"{PLACE}/{kept['document_id']}", None),
        (MAKER, "POST", PLACE, {**PASSPORT, "name": "b"}),
    ):
        status, problem = desk(claims, method, place, sent)
        assert (status, "does not open" in problem["detail"]) == (500, True)


def test_a_header_that_names_another_key_is_changed_and_not_a_key_destroyed(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    kept = desk(MAKER, "POST", PLACE, PASSPORT)[1]
    desk.change(key_id="f" * 16)
    assert desk(CHECKER, "GET", f"{PLACE}/{kept['document_id']}")[0] == 500
    assert [one.levelname for one in caplog.records if one.name == "clearance"][1:] == ["ERROR"]


def test_sent_again_what_is_kept_has_to_open(desk: Desk) -> None:
    desk(MAKER, "POST", PLACE, PASSPORT)
    desk.change(expires="2041-01-01")
    status, problem = desk(MAKER, "POST", PLACE, PASSPORT)
    assert (status, "not what was written" in problem["detail"]) == (500, True)


def test_no_log_names_a_client(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    kept = desk(MAKER, "POST", PLACE, PASSPORT)[1]
    desk(CHECKER, "GET", f"{PLACE}/{kept['document_id']}")
    desk.keys_s3.put_object(Bucket="keys", Key=RING, Body=b"another")
    desk(CHECKER, "GET", f"{PLACE}/{kept['document_id']}")
    desk.records.put_once(f"documents/of-C-1/{'0' * 32}", b"")
    desk(CHECKER, "GET", PLACE)
    logged = str([vars(one) for one in caplog.records if one.name == "clearance"])
    assert kept["document_id"] in logged
    assert "LostKeyError" in logged
    assert "C-1" not in logged


@pytest.mark.parametrize("body", [b"", b"something else", b"{}\n"])
def test_an_object_that_is_no_document_is_said_to_be_none_and_hides_no_other(
    desk: Desk, body: bytes
) -> None:
    kept = desk(MAKER, "POST", PLACE, PASSPORT)[1]
    desk.records.put_once(f"documents/of-C-1/{'0' * 32}", body)
    assert desk(CHECKER, "GET", PLACE)[1] == {"documents": [kept], "unreadable": ["0" * 32]}
    status, problem = desk(CHECKER, "GET", f"{PLACE}/{'0' * 32}")
    assert (status, problem["title"]) == (500, "Internal Server Error")


def test_a_document_of_another_or_of_no_time_is_not_listed_as_ones_own(desk: Desk) -> None:
    kept = desk(MAKER, "POST", PLACE, PASSPORT)[1]["document_id"]
    (key,) = desk.records.keys("documents/")
    desk.records.put_once(f"documents/of-C-2/{kept}", desk.records.read_bytes(key))
    moved = desk(CHECKER, "GET", "/customers/C-2/documents")
    assert moved == (200, {"documents": [], "unreadable": [kept]})
    desk.records_s3.delete_object(Bucket="records", Key=f"documents/of-C-2/{kept}")
    desk.change(added_at="zz")
    assert desk(CHECKER, "GET", PLACE) == moved


def test_a_file_as_large_as_may_be_comes_back_whole(desk: Desk) -> None:
    content = base64.b64encode(b"\0" * LARGEST_FILE).decode()
    assert len(content) == LONGEST_CONTENT
    kept = desk(MAKER, "POST", PLACE, {**PASSPORT, "content": content})[1]
    shown = desk(CHECKER, "GET", f"{PLACE}/{kept['document_id']}")[1]
    assert shown["content"] == content
    assert desk(MAKER, "POST", PLACE, {**PASSPORT, "content": content + "AAAA"})[0] == 422
