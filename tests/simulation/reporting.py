"""Days whose trades are to be reported, the reports made of them, and what a regulator answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from xml.etree import ElementTree as ET

from backoffice.compliance.reports.catalogue import KINDS
from backoffice.compliance.reports.documents import Report, ReportFile, latest_run
from backoffice.compliance.reports.make import Asked, make_reports
from backoffice.compliance.reports.submit import Desk
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.report_files import report_desk
from tests.reference.samples import GERMAN_SHARE, account, lei, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House

Row = dict[str, str]
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 10, day) for day in range(5, 10))
REGULATOR: Final = "regulator"
ENTITY: Final = lei(71)
PERSON: Final = {
    "given_names": "Jónína Þorgerður",
    "surname": "Æskilegsdóttir",
    "birth_date": "1970-01-31",
    "national_id": "3101703339",
    "national_id_kind": "NIDN",
}
_NAMES: Final = "{urn:iso:std:iso:20022:tech:xsd:auth.016.001.03}"
_ADVICE: Final = "urn:iso:std:iso:20022:tech:xsd:auth.031.001.01"


def people() -> list[Row]:
    """Return accounts of a person, an entity, one of whom nothing is known, and the firm's."""
    return [
        account("C-1", **PERSON),
        account("C-LEI", lei=ENTITY),
        account("C-BARE"),
        account("H-1", kind="HOUSE"),
    ]


def dealt(trade_id: str, side: str, quantity: str, day: date, **more: str) -> Row:
    """Return a trade of the German share in Frankfurt."""
    told = {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}
    return trade(trade_id, side, quantity, "40.125", trade_time=f"{day}T09:00:00Z", **told | more)


def run(house: House, day: date, **tables: list[Row]) -> None:
    """Run a day on some rows."""
    for kind, rows in tables.items():
        house.drop("local", day, f"{kind}-{day}.csv", table_bytes(rows))
    house.business_day(day)


def opened(*trades: Row, **tables: list[Row]) -> House:
    """Run Monday on trades of the people."""
    house = House()
    rows = {**standing_rows(), "accounts": people()}
    run(house, MONDAY, **rows, trades=list(trades), **tables)
    return house


def report(house: House, **asked: object) -> list[Report]:
    """Run the job that makes reports, as it runs after a close."""
    return make_reports(desk(house), KINDS, Asked(**asked))  # type: ignore[arg-type]


def desk(house: House) -> Desk:
    """Return the desk that makes the house's reports."""
    rulebook, seals = default_rulebook(), SealedColumns(house.keys)
    return report_desk(house.records, house.outbox, rulebook, default_calendar(), seals)


def of_kind(reports: Iterable[Report], kind: str = "RTS22") -> list[Report]:
    """Keep the reports of a kind."""
    return [one for one in reports if one.kind == kind]


def states(house: House) -> dict[str, str]:
    """Return how each report stood at the last run, of those that were not done with before."""
    found = latest_run(house.records)
    assert found is not None
    return {one.key.split("/")[-1].removesuffix(".json"): one.status for one in found.states}


def body(house: House, made: Report, number: int = 0) -> bytes:
    """Return a file of a report as its recipient fetches it."""
    name = made.files[number].name
    return house.outbox.objects[f"outbox/{made.recipient}/{made.until}/{name}"]


def records(house: House, made: Report, number: int = 0) -> list[ET.Element]:
    """Return the records of a file: New or Cxl elements."""
    whole = ET.fromstring(body(house, made, number))  # noqa: S314 - our own
    return [
        tx[0]
        for tx in whole.iter(f"{_NAMES}Tx")
        if len(tx) == 1 and tx[0].tag in {f"{_NAMES}New", f"{_NAMES}Cxl"}
    ]


def text(record: ET.Element, path: str) -> str | None:
    """Return the text at a path of local names below a record."""
    return record.findtext("/".join(f"{_NAMES}{name}" for name in path.split("/")))


def shown(house: House, made: Report) -> list[tuple[str, str | None, str | None]]:
    """Return of each record whether it is New or Cxl, its quantity, its capacity."""
    return [
        (one.tag.removeprefix(_NAMES), text(one, "Tx/Qty/Unit"), text(one, "Tx/TradgCpcty"))
        for one in records(house, made)
    ]


def document_id(house: House, made: Report, number: int = 0) -> str:
    """Return the transaction_id of the first record of a file."""
    return str(text(records(house, made, number)[0], "TxId"))


def answer(house: House, made: Report, day: date, status: str, **refused: str) -> None:
    """Let the regulator answer: of the whole, and of refused records by their id with a reason."""
    message = _advice(made.files[0].message_id, status, refused)
    house.drop(REGULATOR, day, f"reportstatus-{made.report_id}.xml", message)


def reply(file: ReportFile, refused: Sequence[str]) -> bytes:
    """Return an answer that refuses some records and accepts the others."""
    told = dict.fromkeys(refused, "Not known")
    return _advice(file.message_id, "PART" if refused else "ACPT", told)


def _advice(message_id: str, status: str, refused: Mapping[str, str]) -> bytes:
    said = "".join(
        f"<RcrdSts><OrgnlRcrdId>{name}</OrgnlRcrdId><Sts>RJCT</Sts><VldtnRule><Id>CON-412</Id>"
        f"<Desc>{reason}</Desc></VldtnRule></RcrdSts>"
        for name, reason in refused.items()
    )
    return (
        f'<Document xmlns="{_ADVICE}"><FinInstrmRptgStsAdvc><StsAdvc>'
        f"<MsgRptIdr>{message_id}</MsgRptIdr><MsgSts><Sts>{status}</Sts></MsgSts>"
        f"{said}</StsAdvc></FinInstrmRptgStsAdvc></Document>"
    ).encode()


def cases(house: House) -> dict[str, str]:
    """Return the cases about reports: code and subject, and whether each is open."""
    return {
        f"{row['code']} {row['subject']}": row["status"]
        for row in house.table("cases")
        if row["code"].startswith("REPORT_")
    }
