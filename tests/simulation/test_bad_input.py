"""Whatever is dropped, a day goes on: odd files end committed or refused, good rows are booked."""

import re
from datetime import date

import pytest

from backoffice.formats.iso20022.envelope import wrap
from backoffice.intake.drops import drop_of
from backoffice.kernel.errors import BadFileError
from backoffice.records.verify_store import verify_store
from tests.reference.fix_writing import file_bytes, message
from tests.reference.samples import account, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.small_days import FIRST, SECOND, drop_all, first_day, run

_TRADE = trade("GOOD", "BUY", "1", "100")
_GOOD, _FIX = table_bytes([_TRADE]), file_bytes([_TRADE])
_HEADER, _, _ROW = _GOOD.partition(b"\n")
_CONTROL = "trades-odd.csv.control.json"
_EXPANDING = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b"]><Document>&m;</Document>"
)
_OUTSIDE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'

# name, content, whether rows of it are booked
ODD = {
    "latin-1": ("trades-odd.csv", _GOOD.replace(b"GOOD", "GÓÐ".encode("latin-1")), False),
    "UTF-16": ("trades-odd.csv", _GOOD.decode().encode("utf-16"), False),
    "UTF-16 without a mark": ("trades-odd.csv", _GOOD.decode().encode("utf-16-le"), False),
    "UTF-32": ("trades-odd.csv", _GOOD.decode().encode("utf-32"), False),
    "cut in a letter": ("trades-odd.csv", _GOOD + "Þ".encode()[:1], False),
    "lone surrogate": ("trades-odd.csv", _GOOD + b"\xed\xa0\x80", False),
    "nothing": ("trades-odd.csv", b"", False),
    "blanks": ("trades-odd.csv", b" \n\n\t\n", False),
    "a mark alone": ("trades-odd.csv", b"\xef\xbb\xbf", False),
    "header only": ("trades-odd.csv", _HEADER, False),
    "header and line end": ("trades-odd.csv", _HEADER + b"\r\n", False),
    "no header": ("trades-odd.csv", _ROW, False),
    "a column twice": ("trades-odd.csv", _GOOD.replace(b"quantity", b"price", 1), False),
    "a column less": ("trades-odd.csv", _GOOD.replace(b"quantity", b"amount", 1), False),
    "columns without a name": ("trades-odd.csv", _HEADER + b",,\n" + _ROW[:-1] + b",,", True),
    "mark and CRLF": (
        "trades-odd.csv", b"\xef\xbb\xbf" + _GOOD.replace(b"\n", b"\r\n"), True,
    ),
    "CR alone": ("trades-odd.csv", _GOOD.replace(b"\n", b"\r"), False),
    "no last line end": ("trades-odd.csv", _GOOD.rstrip(b"\r\n"), True),
    "NUL bytes": ("trades-odd.csv", _GOOD + _ROW.replace(b"GOOD", b"N\0L"), True),
    "only NUL bytes": ("trades-odd.csv", b"\0" * 5000, False),
    "random bytes": ("trades-odd.csv", bytes(range(256)) * 20, False),
    "a huge field": ("trades-odd.csv", _GOOD + _ROW.replace(b"GOOD", b"H" * 300_000), True),
    "an endless row": ("trades-odd.csv", _GOOD + b"x" * (9 * 2**20), False),
    "a quote inside": ("trades-odd.csv", _GOOD + _ROW.replace(b"GOOD", b'Q"U'), True),
    "an open quote": ("trades-odd.csv", _GOOD + _ROW.replace(b"GOOD", b'"OPEN'), False),
    "text after a quote": ("trades-odd.csv", _GOOD + _ROW.replace(b"GOOD", b'"A"B'), True),
    "semicolons": ("trades-odd.csv", _GOOD.replace(b",", b";"), False),
    "too many fields": ("trades-odd.csv", _GOOD + _ROW[:-1] + b",more,fields", True),
    "too few fields": ("trades-odd.csv", _GOOD + b"A,B\n,\n", True),
    "a spreadsheet": ("trades-odd.csv", b"PK\x03\x04\x14\0\x06\0" + bytes(400), False),
    "huge numbers": ("trades-odd.csv", _GOOD + _ROW.replace(b",1,", b",1%s," % (b"9" * 40)), True),
    "odd numbers": (
        "trades-odd.csv",
        _GOOD + b"".join(
            _ROW.replace(b",1,100,", b",%s,100," % number.encode())
            for number in ("1e3", "+1", "NaN", "Infinity", "1_000", "٣", "-0", "0x1", "1,5")
        ),
        True,
    ),
    "odd times": (
        "trades-odd.csv",
        _GOOD + b"".join(
            _ROW.replace(b"2026-10-07T14:00:00Z", time)
            for time in (
                b"2026-10-07T14:00:00", b"9999-12-31T23:59:59-23:59", b"2026-02-30T10:00:00Z",
                b"0001-01-01T00:00:00+23:59", b"2026-10-07T24:00:00Z", b"2026-10-07T23:59:60Z",
            )
        ),
        True,
    ),
    "a word nobody knows": ("memo-1.csv", _GOOD, False),
    "no word": ("1-trades.csv", _GOOD, False),
    "no ending": ("trades-odd", _GOOD, False),
    "another ending": ("trades-odd.xlsx", _GOOD, False),
    "half a FIX message": ("trades-odd.fix", b"8=FIX.4.4|35=8|", False),
    "FIX": ("trades-odd.fix", _FIX, True),
    "FIX with bars and CRLF": (
        "trades-odd.fix", file_bytes([_TRADE], "|").replace(b"\n", b"\r\n"), True,
    ),
    "FIX with a mark and no last line end": ("trades-odd.fix", b"\xef\xbb\xbf" + _FIX[:-2], True),
    "FIX with random bytes": ("trades-odd.fix", bytes(range(256)) * 20 + b"\n" + _FIX, True),
    "FIX in UTF-16": ("trades-odd.fix", _FIX.decode().encode("utf-16"), False),
    "FIX of another version": ("trades-odd.fix", _FIX.replace(b"FIX.4.4", b"FIX.4.2"), False),
    "CSV called FIX": ("trades-odd.fix", _GOOD, False),
    "FIX called CSV": ("trades-odd.csv", _FIX, False),
    "an endless FIX message": ("trades-odd.fix", _FIX + b"8=" + b"x" * (9 * 2**20), False),
    "a FIX message of many fields": (
        "trades-odd.fix", _FIX + message([("35", "8"), *[("58", "x")] * 20_000]), True,
    ),
    "heartbeats": ("trades-odd.fix", message([("35", "0")]) + b"\n", False),
    "upper case": ("TRADES-ODD.CSV", _GOOD, True),
    "blanks and per cents": ("trades odd 100% %41 +&=.csv", _GOOD, False),
    "a blank name": ("trades- 100% %2F.csv", _GOOD, True),
    "an Icelandic name": ("trades-þjóðarbréf ÆÖ.csv", _GOOD, True),
    "a long name": ("trades-" + "n" * 180 + ".csv", _GOOD, True),
    "dots": ("trades-...csv", _GOOD, True),
    "status of garbage": ("status-odd.xml", b"\x00\xff garbage", False),
    "empty status": ("status-odd.xml", b"", False),
    "truncated status": ("status-odd.xml", wrap([b"<Document/>"])[:-9], False),
    "status of another kind": ("status-odd.xml", b"<html><body/></html>", False),
    "status with entities": ("status-odd.xml", _EXPANDING, False),
    "status with a file in it": ("status-odd.xml", _OUTSIDE, False),
    "deep status": ("status-odd.xml", b"<a>" * 5000 + b"</a>" * 5000, False),
    "holdings as XML": ("holdings-1.xml", b"<Document/>", False),
    "holdings of garbage": ("holdings-1.csv", b"isin,quantity\nX,Y\n", False),
    "cash of garbage": ("cash-1.csv", b"currency,closing_balance\nUSD,--1\n", False),
    "actions": ("actions-1.csv", b"a,b\n", False),
}  # fmt: skip
_SENTENCE = re.compile(r"[^\n]{8,400}")


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_file_ends_committed_or_refused_with_a_reason(kind: str) -> None:
    name, body, booked = ODD[kind]
    house = House()
    for good, content in first_day().items():
        house.drop("local", FIRST, good, content)
    house.drop("local", FIRST, name, body)
    house.business_day(FIRST)
    file = next(file for file in house.report(FIRST)["files"] if file["name"] == name)
    assert file["status"] in ("COMMITTED", "REFUSED")
    if file["status"] == "REFUSED":
        assert _SENTENCE.fullmatch(file["reason"]), file["reason"]
        assert file["captured"] == 0
    trades = {row["trade_id"]: row["status"] for row in house.table("trades")}
    assert trades["A-1"] == "CLEARED"
    assert trades.get("GOOD") == ("CLEARED" if booked else None)
    assert verify_store(house.records)[1] == []


@pytest.mark.parametrize(
    "control",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe{}",
        b'{"rows": "many"}',
        b'{"rows": 1.5}',
        b'{"rows": NaN}',
        b'{"rows": -1}',
        b'{"sha256": 7}',
        b'{"sum_quantity": "1e999999999"}',
        b'{"sum_quantity": {}}',
        b'{"rows": ' + b"9" * 5000 + b"}",
        b"[" * 5000 + b"]" * 5000,
    ],
)
def test_a_broken_control_file_stops_no_day(control: bytes) -> None:
    house = House()
    for good, content in first_day().items():
        house.drop("local", FIRST, good, content)
    house.drop("local", FIRST, "trades-odd.csv", _GOOD)
    house.drop("local", FIRST, _CONTROL, control)
    house.business_day(FIRST)
    statuses = {file["name"]: file for file in house.report(FIRST)["files"]}
    for file in (statuses["trades-odd.csv"], statuses[_CONTROL]):
        assert file["status"] in ("COMMITTED", "REFUSED")
        assert file["status"] == "COMMITTED" or _SENTENCE.fullmatch(file["reason"])
    assert "REFUSED" in {statuses["trades-odd.csv"]["status"], statuses[_CONTROL]["status"]}
    assert [row for row in house.table("trades") if row["trade_id"] == "A-1"]


def test_icelandic_names_and_quoted_text_come_through_whole() -> None:
    house = House()
    rows = [account("C-IS", name='Þórður "Æ" Öðmundsson, ehf.\nReykjavík')]
    house.drop("local", FIRST, "accounts-viðbót.csv", table_bytes(rows))
    house.business_day(FIRST)
    sealed = house.records.read(house.books(FIRST).tables["accounts"])["name"]
    names = house.seals().opened(sealed).to_list()
    assert names == ['Þórður "Æ" Öðmundsson, ehf.\nReykjavík']


def test_odd_files_of_every_kind_on_one_day_stop_nothing() -> None:
    house = run(House(), FIRST)
    for number, (name, body, _) in enumerate(ODD.values()):
        house.drop(f"partner-{number}", SECOND, name, body)
    house.business_day(SECOND)
    files = house.report(SECOND)["files"]
    assert len([file for file in files if file["partner"].startswith("partner-")]) == len(ODD)
    cleared = [row["partner"] for row in house.table("trades") if row["trade_id"] == "GOOD"]
    assert len(cleared) == len([1 for _, _, booked in ODD.values() if booked])


@pytest.mark.parametrize("kind", ["prices", "fx", "fees", "movements", "accounts", "instruments"])
def test_rows_of_nothing_but_blanks_or_garbage_are_refused_one_by_one(kind: str) -> None:
    house = run(House(), FIRST)
    good = (
        first_day().get(f"{kind}.csv")
        or {
            "prices": b"isin,date,close,currency\n",
            "fx": b"currency,base,date,rate\n",
        }[kind]
    )
    header, _, rows = good.partition(b"\n")
    width = header.count(b",")
    odd = [b"," * width, b"x" + b",\xc3\xa6" * width, b"1" + b",999999999999999999999" * width]
    house.drop("local", SECOND, f"{kind}-odd.csv", b"\n".join([header.rstrip(), *odd, rows]))
    house.business_day(SECOND)
    file = next(file for file in house.report(SECOND)["files"] if "odd" in file["name"])
    assert (file["status"], file["rejected"]) == ("COMMITTED", len(odd))
    assert file["rows"] == file["captured"] + file["rejected"] + file["duplicates"]


def test_a_key_that_is_no_drop_is_said_to_be_none() -> None:
    house = House()
    for key in ("drops/local/2026-13-01/trades.csv", "drops/local/x", "other/a/2026-10-07/b"):
        house.drops.objects[key] = _GOOD
        planned = house.plan(key)
        assert (planned.outcome, planned.plan) == ("NOT_A_DROP", "")
        assert "is no drops/" in str(planned.reason)
    house.business_day(date(2026, 10, 7))


def test_a_control_file_of_many_bytes_is_refused_and_stops_no_day() -> None:
    house = House()
    drop_all(house, FIRST)
    house.drop("local", FIRST, "trades-1.csv.control.json", b'{"a": [' + b"1," * 40_000 + b"1]}")
    house.business_day(FIRST)
    found = {file["name"]: file for file in house.report(FIRST)["files"]}
    assert found["trades-1.csv"]["status"] == "COMMITTED"
    assert found["trades-1.csv.control.json"]["status"] == "REFUSED"
    assert "at most 65536 bytes" in found["trades-1.csv.control.json"]["reason"]


def test_a_key_too_long_to_be_filed_is_refused_by_its_plan() -> None:
    with pytest.raises(BadFileError, match="longer than 900 bytes"):
        drop_of(f"drops/local/{FIRST}/trades-{'x' * 900}.csv", None)


def test_a_settlement_message_that_cannot_be_taken_is_a_case() -> None:
    bad = b"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:sese.025.001.11">
    <SctiesSttlmTxConf></SctiesSttlmTxConf></Document>"""
    for at_close in (False, True):
        house = House()
        drop_all(house, FIRST)
        if not at_close:
            house.drop("market", FIRST, "status-9.xml", bad)
        house.cut_off(FIRST)
        if at_close:
            house.drop("market", FIRST, "status-9.xml", bad)
        house.close(FIRST)
        found = [
            row["subject"] for row in house.table("cases") if row["code"] == "MESSAGE_REJECTED"
        ]
        assert found == [f"market/{FIRST}/status-9.xml"]
