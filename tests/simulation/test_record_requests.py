"""Legal holds, erasures and disposals: asked for in a file, decided by two, carried out once."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Final

import polars as pl
import pytest

from backoffice.clearance.record_requests import standing_holds
from backoffice.kernel.books import Books, latest
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.certificates import certificates
from backoffice.records.disposal import dispose_records, disposed, due_for_disposal
from backoffice.records.erasure import Erased, erase_clients
from backoffice.records.erasure_plans import ErasurePlan
from backoffice.records.kept_for import kept_for
from backoffice.records.references import documents
from backoffice.records.verify_store import verify_store
from tests.reference.samples import CLIENT, account, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.desk import CHECKER, MAKER, Desk
from tests.simulation.house import House
from tests.simulation.market import settle_all
from tests.simulation.memory import RecordMemory

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 10, day) for day in (5, 6, 7, 8))
LATER: Final = datetime(2040, 1, 2, 12, tzinfo=UTC)
SOON: Final = datetime(2026, 10, 8, 12, tzinfo=UTC)
CODE: Final = "RECORD_REQUEST"
PROSPECT: Final = "C-PROSPECT"


class Keys:
    """Clients' keys, and what lies about in plain."""

    def __init__(self, *accounts: str) -> None:
        self.kept = {name: f"key-of-{name}" for name in accounts}
        self.destroyed: list[str] = []
        self.gone = set[str]()
        self.files: list[str] = []
        self.swept: list[date | None] = []
        self.fails = False

    def opened(self, texts: pl.Series) -> pl.Series:
        return texts

    def strays_naming(
        self, account_id: str, names: Collection[tuple[str, ...]], known: Collection[str]
    ) -> tuple[str, ...]:
        del names
        assert account_id in known
        return tuple(f"FILE-{one}" for one in self.files if one == account_id)

    def destroy(self, subject: str) -> bool:
        found = self.kept.pop(subject, None)
        self.gone.add(subject)
        self.destroyed.append(subject)
        if self.fails:
            raise OSError(subject)
        return found is not None

    def erased(self, subjects: Collection[str]) -> set[str]:
        return self.gone & set(subjects)

    def tells(self, original: str, account_id: str) -> bool:
        raise AssertionError((original, account_id))

    def uncaptured(self) -> tuple[str, ...]:
        return ()

    def fetched(self) -> tuple[str, ...]:
        return ()

    def sweep(self, until: date | None, naming: Collection[str]) -> int:
        assert not naming
        self.swept.append(until)
        return 0


class Deleting:
    """Who deletes of a house's records."""

    def __init__(self, house: House, locked: Iterable[str] = ()) -> None:
        self.objects, self.locked = house.records.objects, set(locked)

    def delete(self, keys: Iterable[str]) -> list[str]:
        left = []
        for key in keys:
            if key in self.locked:
                left.append(key)
            else:
                del self.objects[key]
        return left


@pytest.fixture
def house() -> House:
    """Make a house with a client who bought and sold all, and one who never was one."""
    made = House()
    rows = standing_rows()
    rows["accounts"] += [account(PROSPECT, name="Nobody Yet", kyc_status="REJECTED")]
    rows["trades"] = [trade("B", "BUY", "10", "100")]
    for kind, table in rows.items():
        made.drop("local", MONDAY, f"{kind}.csv", table_bytes(table))
    made.business_day(MONDAY)
    return made


def ask(house: House, day: date, request_id: str, kind: str, **more: str) -> None:
    row = {"request_id": request_id, "kind": kind, "reason": "as counsel asks", **more}
    house.drop("desk", day, f"recordrequests-{request_id}.csv", table_bytes([row]))


def decide(house: House, outcome: str = "RELEASE") -> None:
    """Let two people decide the only request that waits."""
    desk = Desk(house)
    number = str(desk.act(CODE, MAKER, "PROPOSE", outcome=outcome, text="why").number)
    desk.act(CODE, CHECKER, "APPROVE", proposal=number)


def agreed(house: House, day: date, request_id: str, kind: str, **more: str) -> None:
    """Ask for something and let two people agree before the day's close."""
    ask(house, day, request_id, kind, **more)
    house.cut_off(day)
    decide(house)
    for name, body in settle_all(house, day).items():
        house.drop("market", day, name, body)
    house.close(day)


def stands(house: House) -> dict[str, str]:
    return {row["request_id"]: row["status"] for row in house.table("record-requests")}


def books_of(house: House) -> Books:
    books = latest(house.records, closed=True)
    assert books is not None
    return books


def erase(house: House, keys: Keys, now: datetime) -> Erased:
    return erase_clients(house.records, books_of(house), default_rulebook(), keys, now)


def faults(house: House) -> list[tuple[str, str]]:
    return [(one.fault, one.subject) for one in verify_store(house.records)[1]]


def test_a_request_is_a_case_that_says_all_of_it(house: House) -> None:
    ask(house, TUESDAY, "E-1", "ERASE", account_id=PROSPECT)
    house.cut_off(TUESDAY)
    (case,) = [row for row in house.table("cases") if row["code"] == CODE]
    assert case["subject"] == f"E-1: ERASE of {PROSPECT} (as counsel asks)"
    assert stands(house) == {"E-1": "REQUESTED"}


@pytest.mark.parametrize(
    ("kind", "field"), [("ERASE", "account_id"), ("LIFT", "hold_id"), ("DISPOSE", "until")]
)
def test_a_request_without_what_its_kind_needs_is_a_reject(
    house: House, kind: str, field: str
) -> None:
    ask(house, TUESDAY, "R-1", kind)
    house.business_day(TUESDAY)
    (row,) = [one for one in house.table("file-rejects") if one["kind"] == "recordrequests"]
    assert (row["code"], row["field"]) == ("MISSING_FIELD", field)


def test_who_was_never_a_client_is_erased_at_once_and_certified(house: House) -> None:
    agreed(house, TUESDAY, "E-1", "ERASE", account_id=PROSPECT)
    keys = Keys(PROSPECT, CLIENT)
    assert erase(house, keys, SOON) == Erased(done=("E-1",), waiting={})
    assert list(keys.kept) == [CLIENT]
    assert keys.swept == [None]
    (certificate,) = certificates(house.records).values()
    assert certificate.keys_destroyed == (PROSPECT,)
    assert {certificate.proposed_by, certificate.approved_by} == {"maker", "checker"}
    assert stands(house) == {"E-1": "DONE"}
    assert faults(house) == []
    house.business_day(WEDNESDAY)
    assert faults(house) == []
    sealed = {row["key"] for row in house.table("records") if row["class"] == "certificates"}
    plan = sealed - {"certificates/E-1.json"}
    assert len(sealed) == 2
    assert all(key.startswith("certificates/planned/E-1/") for key in plan)


def test_an_erasure_is_carried_out_once_and_goes_on_where_it_died(house: House) -> None:
    agreed(house, TUESDAY, "E-1", "ERASE", account_id=PROSPECT)
    keys = Keys(PROSPECT)
    keys.fails = True
    with pytest.raises(OSError, match=PROSPECT):
        erase(house, keys, SOON)
    assert stands(house) == {"E-1": "APPROVED"}
    keys.fails = False
    assert erase(house, keys, SOON).done == ("E-1",)
    assert erase(house, keys, SOON) == Erased(done=(), waiting={})


def test_what_an_erasure_destroyed_before_it_died_is_certified_too(house: House) -> None:
    agreed(house, TUESDAY, "E-1", "ERASE", account_id=PROSPECT)
    keys = Keys(PROSPECT)
    keys.files.append(PROSPECT)
    keys.fails = True
    with pytest.raises(OSError, match=f"FILE-{PROSPECT}"):
        erase(house, keys, SOON)
    # no key opens it any more, so it is found no more; its destruction goes on to its end
    keys.files.clear()
    keys.fails, keys.destroyed = False, []
    assert erase(house, keys, SOON).done == ("E-1",)
    (certificate,) = certificates(house.records).values()
    assert certificate.keys_destroyed == (f"FILE-{PROSPECT}", PROSPECT)
    assert tuple(keys.destroyed) == certificate.keys_destroyed
    house.business_day(WEDNESDAY)
    assert faults(house) == []


def test_who_was_planned_and_not_begun_and_is_found_no_more_stays(house: House) -> None:
    agreed(house, TUESDAY, "E-1", "ERASE", account_id=PROSPECT)
    keys = Keys(PROSPECT, "C-NEW")
    plan = ErasurePlan(request_id="E-1", subjects=("C-NEW", PROSPECT)).model_dump_json()
    house.records.put_once("certificates/planned/E-1/0.json", plan.encode())
    assert erase(house, keys, SOON).done == ("E-1",)
    assert certificates(house.records)["E-1"].keys_destroyed == (PROSPECT,)
    assert list(keys.kept) == ["C-NEW"]


def test_a_client_is_kept_as_long_as_the_rules_say_and_then_erased_by_itself(house: House) -> None:
    at = {"trade_time": f"{TUESDAY}T14:00:00Z", "commission": "0"}
    house.drop("local", TUESDAY, "trades.csv", table_bytes([trade("S", "SELL", "10", "100", **at)]))
    house.business_day(TUESDAY)
    house.business_day(WEDNESDAY)
    closing = [account(CLIENT, kyc_status="EXPIRED")]
    house.drop("local", THURSDAY, "accounts.csv", table_bytes(closing))
    agreed(house, THURSDAY, "E-1", "ERASE", account_id=CLIENT)
    keys = Keys(CLIENT)
    waits = {"E-1": ("its records are kept until 2036-10-08",)}
    for now in (SOON, LATER.replace(year=2036, month=10, day=7)):
        assert erase(house, keys, now).waiting == waits
    assert list(keys.kept) == [CLIENT]
    assert stands(house) == {"E-1": "APPROVED"}
    assert erase(house, keys, LATER).done == ("E-1",)
    assert keys.swept == [THURSDAY]
    assert stands(house) == {"E-1": "DONE"}


def test_what_still_has_something_or_is_open_or_the_firms_own_is_not_erased(house: House) -> None:
    books, rulebook = books_of(house), default_rulebook()
    client = kept_for(house.records, books, rulebook, CLIENT, LATER.date())
    assert "Securities:Client is not at zero in US0000000010" in client.why
    assert "the account is open: its kyc_status is APPROVED" in client.why
    for name in ("H-1", "C-UNKNOWN"):
        kept = kept_for(house.records, books, rulebook, name, LATER.date())
        assert kept.why == (f"{name} is no client's account",)


@pytest.mark.parametrize("whose", [{"account_id": PROSPECT}, {}])
def test_a_hold_stops_an_erasure_from_the_day_it_is_asked_for(
    house: House, whose: dict[str, str]
) -> None:
    ask(house, TUESDAY, "H-1", "HOLD", **whose)
    house.business_day(TUESDAY)
    assert stands(house) == {"H-1": "STANDING"}
    decide(house)
    agreed(house, WEDNESDAY, "E-1", "ERASE", account_id=PROSPECT)
    keys = Keys(PROSPECT)
    assert erase(house, keys, SOON).waiting == {"E-1": ("the legal hold H-1 stands",)}
    agreed(house, THURSDAY, "L-1", "LIFT", hold_id="H-1")
    assert stands(house) == {"H-1": "LIFTED", "E-1": "APPROVED", "L-1": "APPROVED"}
    assert erase(house, keys, SOON).done == ("E-1",)


def test_a_hold_that_two_people_refuse_holds_nothing(house: House) -> None:
    ask(house, TUESDAY, "H-1", "HOLD")
    house.cut_off(TUESDAY)
    decide(house, "REFUSE")
    house.close(TUESDAY)
    assert stands(house) == {"H-1": "REFUSED"}
    assert standing_holds(house.records, books_of(house)).is_empty()


def test_a_hold_on_another_account_holds_nobody_else(house: House) -> None:
    ask(house, TUESDAY, "H-1", "HOLD", account_id=CLIENT)
    house.business_day(TUESDAY)
    kept = kept_for(house.records, books_of(house), default_rulebook(), PROSPECT, SOON.date())
    assert kept.why == ()


def test_nothing_is_due_for_disposal_before_its_time(house: House) -> None:
    books = books_of(house)
    assert due_for_disposal(house.records, books, date(2032, 10, 4), MONDAY).is_empty()
    due = due_for_disposal(house.records, books, LATER.date(), MONDAY)
    assert {"originals", "intake", "settlement"} <= set(due["class"])
    assert not {"books", "seals", "inputs", "certificates"} & set(due["class"])


def test_what_is_disposed_of_is_listed_certified_and_no_fault(house: House) -> None:
    agreed(house, TUESDAY, "D-1", "DISPOSE", until=str(MONDAY))
    before = house.export("trial-balance")
    books = books_of(house)
    due = due_for_disposal(house.records, books, LATER.date(), MONDAY)
    assert due.height > 5
    done = dispose_records(house.records, books, Deleting(house), LATER)
    assert done.done == {"D-1": due.height}
    assert not set(due["key"]) & house.records.objects.keys()
    certificate = certificates(house.records)["D-1"]
    assert sum(certificate.counts.values()) == due.height
    assert stands(house) == {"D-1": "DONE"}
    assert faults(house) == []
    house.business_day(WEDNESDAY)
    assert faults(house) == []
    assert house.export("trial-balance").splitlines()[0] == before.splitlines()[0]


def test_a_disposal_that_died_goes_on_and_a_lock_keeps_what_it_keeps(house: House) -> None:
    agreed(house, TUESDAY, "D-1", "DISPOSE", until=str(MONDAY))
    books = books_of(house)
    due = due_for_disposal(house.records, books, LATER.date(), MONDAY)["key"].to_list()
    named = {key for _, names in documents(house.records, due) for key in names}
    locked = [key for key in due if key not in named][3:] + [key for key in due if key in named]
    first = dispose_records(house.records, books, Deleting(house, locked), LATER)
    assert first.done == {"D-1": 3}
    again = dispose_records(house.records, books, Deleting(house), LATER)
    assert again.done == {"D-1": len(due) - 3}


def test_what_is_there_still_is_listed_and_not_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(house, TUESDAY, "D-1", "DISPOSE", until=str(MONDAY))
    looked_at, find = list[str](), type(house.records).find_bytes

    def noted(records: RecordMemory, key: str) -> bytes | None:
        looked_at.append(key)
        return find(records, key)

    monkeypatch.setattr(RecordMemory, "find_bytes", noted)
    for many in (True, False):
        done = dispose_records(house.records, books_of(house), Deleting(house), LATER).done
        assert bool(done["D-1"]) is many
    gone = disposed(house.records)["D-1"]
    assert not set(looked_at) & set(gone)


def test_what_goes_without_two_people_is_missing_whatever_a_certificate_says(
    house: House,
) -> None:
    agreed(house, TUESDAY, "D-1", "DISPOSE", until=str(MONDAY))
    dispose_records(house.records, books_of(house), Deleting(house), LATER)
    forged = house.records.objects["certificates/D-1.json"].replace(b"D-1", b"D-2")
    house.records.objects["certificates/D-2.json"] = forged
    del house.records.objects["certificates/D-1.json"]
    assert {fault for fault, _ in faults(house)} >= {"MISSING"}


@pytest.mark.parametrize(
    ("bounds", "holds"),
    [({}, True), ({"since": str(TUESDAY)}, False), ({"until": str(MONDAY)}, True),
     ({"account_id": CLIENT}, True)],
)  # fmt: skip
def test_a_hold_keeps_what_was_sealed_in_its_days(
    house: House, bounds: dict[str, str], *, holds: bool
) -> None:
    ask(house, TUESDAY, "H-1", "HOLD", **bounds)
    house.business_day(TUESDAY)
    due = due_for_disposal(house.records, books_of(house), LATER.date(), MONDAY)
    assert due.is_empty() == holds
