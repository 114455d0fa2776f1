"""Transaction reports (RTS 22): what goes out, what comes back, and that nothing is left out."""

from typing import TYPE_CHECKING, Final, cast
from xml.etree import ElementTree as ET

import pytest
from lxml import etree

from backoffice.compliance.reports.make import NothingClosedError
from backoffice.compliance.reports.submit import ChangedFileError
from backoffice.records.verify_store import verify_store
from cli.market.regulator import run_regulator
from tests.reference.samples import BOND
from tests.simulation.house import House
from tests.simulation.market import MemoryS3
from tests.simulation.reporting import (
    ENTITY,
    FRIDAY,
    MONDAY,
    PERSON,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    answer,
    body,
    cases,
    dealt,
    desk,
    document_id,
    of_kind,
    opened,
    people,
    records,
    report,
    run,
    shown,
    states,
    text,
)
from tests.simulation.test_decisions import decide
from tests.unit.market.samples import assert_valid

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NAME: Final = "RTS22-2026-10-05"


def of_monday(house: House) -> list[ET.Element]:
    (made,) = of_kind(report(house))
    assert made.differences == ()
    return records(house, made)


def valid(house: House, made: object) -> None:
    """Validate the file of a report and its header by the published schemas."""
    whole = etree.fromstring(body(house, made))  # type: ignore[arg-type]
    head, document = whole
    assert_valid(etree.tostring(head), "head.001.001.02")
    assert_valid(etree.tostring(document), "auth.016.001.03")


def test_before_a_close_there_is_nothing_to_report() -> None:
    with pytest.raises(NothingClosedError):
        report(House())


def test_a_purchase_of_a_person_names_them_and_the_street() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY, account_id="C-1"))
    (made,) = of_kind(report(house))
    valid(house, made)
    (record,) = records(house, made)
    buyer = "Buyr/AcctOwnr/Id/Prsn"
    assert text(record, f"{buyer}/FrstNm") == "JÓNÍNA ÞORGERÐUR"
    assert text(record, f"{buyer}/Othr/Id") == "IS3101703339"
    assert text(record, f"{buyer}/Othr/SchmeNm/Cd") == "NIDN"
    assert text(record, "Sellr/AcctOwnr/Id/LEI") == dealt("T", "BUY", "1", MONDAY)["counterparty"]
    assert text(record, "Tx/TradgCpcty") == "AOTC"
    assert text(record, "Tx/Pric/Pric/MntryVal/Amt") == "40.125"
    assert text(record, "Tx/TradDt") == "2026-10-05T09:00:00.000000Z"
    assert text(record, "ExctgPrsn/Clnt") == "NORE"
    assert text(record, "AddtlAttrbts/ShrtSellgInd") is None
    assert len(str(text(record, "TxId"))) <= 52
    assert made.figures["reported_quantity"] == "100"


def test_who_sells_is_the_seller_by_lei_and_the_firm_deals_for_itself() -> None:
    house = opened(
        dealt("T-1", "SELL", "100", MONDAY, account_id="C-LEI", capacity="PRINCIPAL"),
        dealt("T-2", "BUY", "7", MONDAY, account_id="H-1"),
        dealt("T-3", "SHORT", "3", MONDAY, account_id="H-1", locate_id="L-1"),
    )
    (made,) = of_kind(report(house))
    valid(house, made)
    one, two, three = sorted(
        records(house, made), key=lambda r: -float(str(text(r, "Tx/Qty/Unit")))
    )
    assert text(one, "Sellr/AcctOwnr/Id/LEI") == ENTITY
    assert (text(one, "Tx/TradgCpcty"), text(two, "Tx/TradgCpcty")) == ("MTCH", "DEAL")
    assert text(one, "AddtlAttrbts/ShrtSellgInd") == "SELL"
    assert text(three, "AddtlAttrbts/ShrtSellgInd") == "SESH"
    assert text(two, "Buyr/AcctOwnr/Id/LEI") == text(two, "ExctgPty")
    assert text(two, "InvstmtDcsnPrsn/Algo") == "HOUSE"


def test_what_is_dealt_outside_the_area_is_not_reported() -> None:
    house = opened(
        dealt("T-1", "BUY", "1", MONDAY, isin="US0000000018", currency="USD", venue="XNYS")
    )
    (made,) = of_kind(report(house))
    assert (made.files, made.figures["blotter_records"]) == ((), "0")


def test_a_report_is_made_once_and_a_day_without_one_is_made_up_for() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY))
    run(house, TUESDAY, trades=[dealt("T-2", "BUY", "5", TUESDAY)])
    made = of_kind(report(house))
    assert [one.report_id for one in made] == [NAME, "RTS22-2026-10-06"]
    assert (made[0].is_late, made[1].is_late) == (False, False)
    before = dict(house.records.objects), dict(house.outbox.objects)
    assert report(house) == []
    assert before == (dict(house.records.objects), dict(house.outbox.objects))
    run(house, WEDNESDAY)
    assert verify_store(house.records)[1] == []


def test_what_is_accepted_is_acknowledged_and_what_is_not_in_time_is_overdue() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY))
    (made,) = of_kind(report(house))
    assert states(house) == {NAME: "SUBMITTED"}
    run(house, TUESDAY)
    report(house)
    assert states(house) == {NAME: "OVERDUE"}
    run(house, WEDNESDAY)
    assert cases(house) == {f"REPORT_OVERDUE {NAME}": "OPEN"}
    answer(house, made, THURSDAY, "ACPT")
    run(house, THURSDAY)
    report(house)
    assert states(house) == {NAME: "ACKNOWLEDGED"}
    run(house, FRIDAY)
    assert cases(house) == {f"REPORT_OVERDUE {NAME}": "CLOSED"}
    assert verify_store(house.records)[1] == []


def test_an_answer_of_somebody_else_counts_for_nothing() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY))
    (made,) = of_kind(report(house))
    name = made.files[0].message_id
    house.drop("local", TUESDAY, "reportstatus.csv", f"message_id,status\n{name},ACPT\n".encode())
    run(house, TUESDAY)
    report(house)
    assert states(house) == {NAME: "OVERDUE"}


def test_a_cancelled_trade_is_taken_back_and_an_amended_one_sent_anew() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY), dealt("T-2", "BUY", "5", MONDAY))
    (first,) = of_kind(report(house))
    gone = dealt("T-1", "BUY", "100", MONDAY, action="CANCEL")
    other = dealt("T-2", "BUY", "6", MONDAY, action="AMEND", version="1")
    run(house, TUESDAY, trades=[gone, other])
    (second,) = of_kind(report(house))
    valid(house, second)
    assert shown(house, second) == [("Cxl", None, None), ("Cxl", None, None), ("New", "6", "AOTC")]
    sent = {text(one, "TxId") for one in records(house, first)}
    taken_back = {text(one, "TxId") for one in records(house, second)[:2]}
    assert taken_back == sent
    assert text(records(house, second)[2], "TxId") not in sent
    assert (second.figures["reported_quantity"], second.differences) == ("6", ())


def test_a_trade_that_is_held_is_reported_once_it_clears_late_and_marked() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY, account_id="C-9"))
    (made,) = of_kind(report(house))
    assert made.files == ()
    run(house, TUESDAY)
    run(house, WEDNESDAY, accounts=[*people(), {**people()[1], "account_id": "C-9"}])
    later = of_kind(report(house))
    assert [one.figures["new"] for one in later] == ["0", "1"]
    assert later[1].figures["late"] == "1"


def test_what_lacks_is_a_case_and_goes_out_the_day_it_is_known() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY, account_id="C-BARE"))
    (made,) = of_kind(report(house))
    assert (made.figures["missing_records"], made.files, made.differences) == ("1", (), ())
    run(house, TUESDAY)
    case = "REPORT_DATA_MISSING account C-BARE lei or personal data"
    assert cases(house) == {case: "OPEN"}
    named = {**people()[2], **PERSON, "national_id": "", "national_id_kind": "CONCAT"}
    run(house, WEDNESDAY, accounts=[named])
    # annex II has no names for a number of an Icelander
    assert of_kind(report(house))[-1].figures["missing_records"] == "1"
    run(house, THURSDAY, accounts=[named | {"nationality": "NO"}])
    assert "REPORT_DATA_MISSING account C-BARE national_id_kind" in cases(house)
    made = of_kind(report(house))[-1]
    valid(house, made)
    (record,) = records(house, made)
    other = text(record, "Buyr/AcctOwnr/Id/Prsn/Othr/Id")
    assert other == "NO19700131JONINASKIL"
    run(house, FRIDAY)
    assert set(cases(house).values()) == {"CLOSED"}


def test_a_refused_record_is_a_case_and_sent_again_when_it_is_another() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY), dealt("T-2", "BUY", "5", MONDAY))
    (made,) = of_kind(report(house))
    refused = str(text(records(house, made)[0], "TxId"))
    answer(house, made, TUESDAY, "PART", **{refused: "Buyer unknown"})
    run(house, TUESDAY)
    (second,) = of_kind(report(house))
    told = {row["transaction_id"]: row["state"] for row in house.table("report-rows")}
    assert (told.pop(refused), *told.values()) == ("REJECTED", "ACKNOWLEDGED")
    assert (second.figures["refused_records"], second.differences, second.files) == ("1", (), ())
    assert states(house)[NAME] == "PARTLY_REJECTED"
    mended = {**people()[0], "national_id": "0101302989"}
    run(house, WEDNESDAY, accounts=[mended])
    assert "OPEN" in cases(house).values()
    (third,) = of_kind(report(house))
    assert [kind for kind, *_ in shown(house, third)] == ["New"]
    assert text(records(house, third)[0], "Buyr/AcctOwnr/Id/Prsn/Othr/Id") == "IS0101302989"
    assert states(house)[NAME] == "CORRECTED"
    run(house, THURSDAY)
    assert set(cases(house).values()) == {"CLOSED"}


def test_a_block_is_dealt_for_the_internal_account_and_allotted_out_of_it() -> None:
    allotted = [
        {"allocation_id": f"A-{name}", "block_trade_id": "T-1", "trade_date": str(MONDAY)}
        | {"account_id": name, "quantity": quantity}
        for name, quantity in (("C-1", "60"), ("C-LEI", "30"))
    ]
    house = opened(dealt("T-1", "BUY", "100", MONDAY, account_id="H-1"))
    (made,) = of_kind(report(house))
    assert shown(house, made) == [("New", "100", "DEAL")]
    run(house, TUESDAY, allocations=allotted)
    (made,) = of_kind(report(house))
    valid(house, made)
    assert shown(house, made)[:1] == [("Cxl", None, None)]
    assert sorted(shown(house, made)[1:]) == [
        ("New", "10", "DEAL"),
        ("New", "100", "AOTC"),
        ("New", "30", "AOTC"),
        ("New", "60", "AOTC"),
    ]
    inside = [text(one, "Buyr/AcctOwnr/Id/Intl") for one in records(house, made)[1:]]
    assert sorted(map(str, inside)) == ["INTC", "None", "None", "None"]
    assert made.differences == ()


def test_a_refused_file_is_sent_again_as_it_is_when_two_people_say_so() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY))
    (made,) = of_kind(report(house))
    answer(house, made, TUESDAY, "RJCT")
    run(house, TUESDAY)
    report(house)
    assert states(house)[NAME] == "REJECTED"
    run(house, WEDNESDAY)
    assert list(cases(house)) == ["REPORT_REJECTED RTS22-2026-10-05-001: no reason is given"]
    assert all(one.files == () for one in of_kind(report(house)))
    decide(house, "REPORT_REJECTED", "RELEASE")
    run(house, THURSDAY)
    (again,) = of_kind(report(house))
    assert shown(house, again) == [("New", "100", "AOTC")]
    assert (again.differences, states(house)[NAME]) == ((), "CORRECTED")
    run(house, FRIDAY)
    assert set(cases(house).values()) == {"CLOSED"}


def test_a_refused_cancellation_waits_and_is_sent_again_when_two_people_say_so() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY))
    report(house)
    run(house, TUESDAY, trades=[dealt("T-1", "BUY", "100", MONDAY, action="CANCEL")])
    (second,) = of_kind(report(house))
    refused = str(text(records(house, second)[0], "TxId"))
    answer(house, second, WEDNESDAY, "PART", **{refused: "Unknown"})
    run(house, WEDNESDAY)
    (third,) = of_kind(report(house))
    assert (third.files, third.differences) == ((), ())
    run(house, THURSDAY)
    assert "REPORT_REJECTED RTS22-2026-10-06-001: CON-412 Unknown" in cases(house)
    decide(house, "REPORT_REJECTED", "RELEASE")
    house.business_day(FRIDAY)
    last = of_kind(report(house))[-1]
    assert [text(one, "TxId") for one in records(house, last)] == [refused]


def test_nothing_of_a_person_is_in_the_rows_as_the_file_says_it_and_views_show_none() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY), dealt("T-2", "BUY", "1", MONDAY,
                   account_id="C-BARE"))  # fmt: skip
    report(house)
    rows, (waits,) = house.table("report-rows"), house.table("report-waiting")
    said = [(r["trade_id"], r["capacity"], r["sent_late"], r["state"]) for r in rows]
    assert said == [("T-1", "AOTC", "N", "SUBMITTED")]
    assert (waits["trade_id"], waits["why"], waits["missing"]) == (
        "T-2", "MISSING", "lei or personal data",
    )  # fmt: skip
    (row,) = [row for row in house.table("reports") if row["kind"] == "RTS22"]
    assert (row["status"], row["rows"], row["waiting"]) == ("SUBMITTED", "1", "1")
    for view in ("reports", "report-rows", "report-waiting"):
        assert PERSON["surname"].encode() not in house.export(view)


def test_a_file_is_had_as_it_was_sent_until_whom_it_names_is_erased() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY))
    (made,) = of_kind(report(house))
    (name, sent) = made.files[0].name, body(house, made)
    assert desk(house).as_sent(made, {name: sent}) == {name: sent}
    assert desk(house).as_sent(made, {}) == {name: sent}, "the outbox was emptied"
    with pytest.raises(ChangedFileError, match="erased since"):
        desk(house).as_sent(made, {name: sent + b" "})
    house.keys.destroy("C-1")
    with pytest.raises(ChangedFileError, match="erased since"):
        desk(house).as_sent(made, {})
    for part in [one for parts in made.tables.values() for one in parts]:
        house.records.objects.pop(part.key, None)
    with pytest.raises(ChangedFileError, match="gone"):
        desk(house).as_sent(made, {})


def test_the_bundled_regulator_answers_each_file_once() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY), dealt("T-2", "BUY", "5", MONDAY))
    report(house)
    s3 = cast("S3Client", MemoryS3(house.outbox, house.drops))
    where = (s3, house.outbox.name, house.drops.name)
    (key,) = run_regulator(*where, TUESDAY, refuse_one_in=2)
    assert run_regulator(*where, TUESDAY) == []
    assert_valid(house.drops.read_bytes(key), "auth.031.001.01")
    house.capture(key)
    run(house, TUESDAY)
    report(house)
    assert states(house)[NAME] == "PARTLY_REJECTED"
    (row,) = [r for r in house.table("reports") if r["report_id"] == NAME]
    assert (row["rejected"], row["status"]) == ("1", "PARTLY_REJECTED")


def test_no_name_makes_a_file_that_is_none() -> None:
    odd = {
        **people()[0],
        "surname": "O\x07 <b>&amp; Han\u202es\u200bdóttir",
        "given_names": "X" * 300,
    }
    house = opened(dealt("T-1", "BUY", "100", MONDAY))
    run(house, TUESDAY, accounts=[odd], trades=[dealt("T-2", "BUY", "1", TUESDAY)])
    made = of_kind(report(house))[-1]
    valid(house, made)
    (record,) = records(house, made)
    named = "Buyr/AcctOwnr/Id/Prsn"
    assert text(record, f"{named}/Nm") == "O  <B>&AMP; HANSDÓTTIR"
    assert text(record, f"{named}/FrstNm") == "X" * 140
    unseen = odd | {"surname": "\u200b", "national_id": "310170-3339 " + "A" * 23}
    run(house, WEDNESDAY, accounts=[unseen], trades=[dealt("T-3", "BUY", "1", WEDNESDAY)])
    made = of_kind(report(house))[-1]
    valid(house, made)
    (record,) = records(house, made)
    assert text(record, f"{named}/Nm") == "-"
    assert text(record, f"{named}/Othr/Id") == "IS3101703339" + "A" * 23


def test_what_a_trade_says_for_its_report_alone_is_in_it() -> None:
    said = {
        "investment_decision": "ALGO:Momentum <2>",
        "execution_decision": "PERSON:C-1",
        "execution_venue": "XOFF",
        "venue_reference": "REF123",
        "waivers": "SIZE;RFPT",
        "post_trade": "LRGS",
        "short_selling": "SSEX",
        "transmitted": "Y",
        "transmitting_firm": ENTITY,
    }
    sold = dealt("T-1", "SELL", "100", MONDAY, account_id="H-1", **said)
    house = opened(sold)
    (made,) = of_kind(report(house))
    valid(house, made)
    (record,) = records(house, made)
    told = {
        "InvstmtDcsnPrsn/Algo": "Momentum <2>",
        "ExctgPrsn/Prsn/Othr/Id": "IS3101703339",
        "Tx/TradVn": "XOFF",
        "Tx/TradPlcMtchgId": "REF123",
        "AddtlAttrbts/WvrInd": "SIZE",
        "AddtlAttrbts/OTCPstTradInd": "LRGS",
        "AddtlAttrbts/ShrtSellgInd": "SSEX",
        "OrdrTrnsmssn/TrnsmttgSellr": ENTITY,
    }
    assert {path: text(record, path) for path in told} == told
    assert house.report(MONDAY)["files"][-1]["unknown_columns"] == []


def test_what_a_trade_says_that_no_report_can_hold_is_named() -> None:
    wrong = {"waivers": "BIG", "execution_decision": "PERSON:C-LEI", "transmitted": "perhaps"}
    house = opened(dealt("T-1", "BUY", "100", MONDAY, **wrong))
    report(house)
    (waits,) = house.table("report-waiting")
    assert waits["missing"] == "transmitted;waivers;execution_decision"
    run(house, TUESDAY)
    named = "REPORT_DATA_MISSING trade local/2026-10-05/T-1"
    assert {f"{named} {name}" for name in wrong} == set(cases(house))


def test_a_bond_is_in_nominal_and_per_cent_with_what_has_accrued() -> None:
    bond = dealt("T-1", "BUY", "50000", MONDAY, isin=BOND, accrued="3.21")
    house = opened({**bond, "price": "98.7"})
    (made,) = of_kind(report(house))
    valid(house, made)
    (record,) = records(house, made)
    assert text(record, "Tx/Qty/NmnlVal") == "50000"
    assert text(record, "Tx/Pric/Pric/Pctg") == "98.7"
    assert text(record, "Tx/NetAmt") == "49353.21"


def test_what_is_refused_and_amended_on_one_day_is_counted_once() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY))
    (made,) = of_kind(report(house))
    answer(house, made, TUESDAY, "PART", **{document_id(house, made): "Price unknown"})
    run(house, TUESDAY, trades=[dealt("T-1", "BUY", "90", MONDAY, action="AMEND")])
    (second,) = of_kind(report(house))
    assert shown(house, second) == [("New", "90", "AOTC")]
    assert (second.differences, second.figures["reported_quantity"]) == ((), "90")
    run(house, WEDNESDAY, trades=[dealt("T-1", "BUY", "90", MONDAY, action="CANCEL")])
    (third,) = of_kind(report(house))
    assert (third.differences, shown(house, third)) == ((), [("Cxl", None, None)])


def test_a_cancellation_of_what_never_stood_waits_for_nobody() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY))
    (made,) = of_kind(report(house))
    run(house, TUESDAY, trades=[dealt("T-1", "BUY", "90", MONDAY, action="AMEND")])
    (second,) = of_kind(report(house))
    refused = document_id(house, made)
    # the first is refused after it was taken back, and so is what took it back
    for one in (made, second):
        answer(house, one, WEDNESDAY, "PART", **{refused: "Unknown"})
    run(house, WEDNESDAY)
    (third,) = of_kind(report(house))
    assert (third.files, third.differences) == ((), ())
    run(house, THURSDAY)
    # that of Monday was overdue until it was answered
    assert cases(house) == {f"REPORT_OVERDUE {NAME}": "CLOSED"}
    assert house.table("report-waiting") == []
