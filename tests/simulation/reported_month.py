"""Runs the eventful month: its days, its street, what recipients answer, what people decide."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import polars as pl

from backoffice.clearance.act_rules import OpenCase
from backoffice.compliance.reports.documents import Report
from backoffice.compliance.rts22.frames import PERSON
from backoffice.kernel.books import latest
from cli.market.simulator import run_market
from tests.reference.writing import table_bytes
from tests.simulation.eventful_month import AFTER, MONTH, Events, Row, script
from tests.simulation.house import House
from tests.simulation.market import MemoryS3
from tests.simulation.reporting import REGULATOR, report
from tests.simulation.test_decisions import NOW, act_on_case
from tests.simulation.test_suspicions import FIRST, SECOND

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SEED: Final = 7
BUYER, LATER = "CON-412 Buyer not known", "CON-472 Instrument not known yet"
_REFUSING: Final = MONTH[2:15]
_WHOLE: Final = MONTH[9]
"""The day whose answer refuses a file whole."""
_ADVICE: Final = "urn:iso:std:iso:20022:tech:xsd:auth.031.001.01"


@dataclass
class ReportedMonth:
    """The house after the month, what was told it, and what it was answered."""

    house: House
    events: Events
    folder: Path
    script: Path
    decided: dict[str, str] = field(default_factory=dict)
    """Of each suspicion, RELEASE or REFUSE."""
    deposited: list[tuple[date, str]] = field(default_factory=list)
    _mended: set[str] = field(default_factory=set)
    _done: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Run all days."""
        made: list[Report] = []
        for day in (*MONTH, *AFTER):
            place = self.folder / str(day)
            self.events.write_day(place, day)
            self.house.take(place.iterdir(), day)
            self._hear(made, day)
            self.house.business_day(day, self._street)
            self._decide()
            made = report(self.house)

    def _street(self, house: House, day: date) -> dict[str, bytes]:
        s3 = cast("S3Client", MemoryS3(house.outbox, house.drops))
        keys = run_market(s3, house.outbox.name, house.drops.name, day, str(self.script))
        return {key.rpartition("/")[2]: house.drops.read_bytes(key) for key in keys}

    def _hear(self, made: Iterable[Report], day: date) -> None:
        """Drop what recipients say of the reports of the day before, and what follows of them."""
        tables: dict[str, list[Row]] = {"entries": [], "sarfilings": []}
        if self._mended:
            tables["accounts"] = self.events.mended(sorted(self._mended))
            self._mended = set()
        for one in made:
            if one.kind == "RTS22":
                self._answer(one, day)
            elif one.kind in {"CTR", "SAR"} and one.files:
                said = [{"message_id": f.message_id, "status": "ACPT"} for f in one.files]
                self.house.drop("fincen", day, f"reportstatus-{one.kind}.csv", table_bytes(said))
            if one.kind == "SAR":
                tables["sarfilings"] += self._filings(one, day)
            if one.figures.get("deposit_due", "0.00") != "0.00":
                tables["entries"] += self._deposit(one.figures["deposit_due"], day)
        for kind, rows in tables.items():
            if rows:
                self.house.drop("local", day, f"{kind}-heard.csv", table_bytes(rows))

    def _answer(self, made: Report, day: date) -> None:
        for part, file in zip(made.tables.get("rows", ()), made.files, strict=True):
            rows = self.house.records.read(part)
            told: dict[str, str] = {}
            status = "ACPT"
            if made.until == _WHOLE:
                status = "RJCT"
            elif made.until in _REFUSING:
                told, status = self._refuse(rows), "PART"
            body = _advice(file.message_id, status, told)
            self.house.drop(REGULATOR, day, f"reportstatus-{file.name}", body)

    def _refuse(self, rows: pl.DataFrame) -> dict[str, str]:
        """Refuse some records: of persons for their number, which is mended, others for now."""
        rng, told = self.events.rng, dict[str, str]()
        for row in rows.sort("transaction_id").to_dicts():
            if rng.random() < 0.08:
                of_person = row["party"] == PERSON and row["status"] == "NEWT"
                told[row["transaction_id"]] = BUYER if of_person else LATER
                if of_person:
                    self._mended.add(row["account_id"])
        return told

    def _filings(self, made: Report, day: date) -> Iterator[Row]:
        for part in made.tables.get("rows", ()):
            for name in self.house.records.read(part)["sar_id"]:
                if self.events.rng.random() < 0.8:
                    yield {"sar_id": name, "bsa_id": f"31{day:%m%d}", "filed_on": str(day)}

    def _deposit(self, due: str, day: date) -> Iterator[Row]:
        self.deposited.append((day, due))
        for account, amount in (("Assets:Cash:USD:RESERVE", due), ("Assets:Cash:USD", f"-{due}")):
            yield {
                "entry_id": f"RESERVE-{day}",
                "effective_date": str(day),
                "account": account,
                "unit": "USD",
                "amount": amount,
                "reason": "deposit into the reserve account",
            }

    def _decide(self) -> None:
        """Let two people decide what waits for them."""
        books = latest(self.house.records)
        assert books is not None
        cases = self.house.records.read(books.tables["cases"]).filter(pl.col("status") == "OPEN")
        members = books.tables["case_members"]
        for row in cases.filter(~pl.col("case_id").is_in(self._done)).to_dicts():
            outcome = self._outcome(row["code"], row["subject"])
            if outcome:
                self._done.add(row["case_id"])
                named = {n: row[n] for n in ("case_id", "code", "subject", "status", "members")}
                self._both(OpenCase(**named, evidence=members, taken=0), outcome)

    def _outcome(self, code: str, subject: str) -> str | None:
        if code == "MANUAL_ENTRY":
            return "RELEASE"
        if code == "REPORT_REJECTED" and BUYER not in subject:
            return "RELEASE"
        if code == "SAR_DECISION" and self.events.rng.random() < 0.8:
            outcome = "REFUSE" if len(self.decided) % 3 == 2 else "RELEASE"
            self.decided[subject.partition(":")[0]] = outcome
            return outcome
        return None

    def _both(self, case: OpenCase, outcome: str) -> None:
        said = {"outcome": outcome, "text": "looked at"}
        act_on_case(self.house, case, FIRST, "PROPOSE", NOW, said)
        act_on_case(self.house, case, SECOND, "APPROVE", NOW, {})


def reported_month(folder: Path) -> ReportedMonth:
    """Run the month once."""
    events = Events(SEED)
    market = folder / "market.toml"
    market.write_text(script(SEED, events.stuck))
    month = ReportedMonth(House(), events, folder, market)
    month.run()
    return month


def _advice(message_id: str, status: str, refused: dict[str, str]) -> bytes:
    said = "".join(
        f"<RcrdSts><OrgnlRcrdId>{name}</OrgnlRcrdId><Sts>RJCT</Sts><VldtnRule>"
        f"<Id>{reason.partition(' ')[0]}</Id><Desc>{reason.partition(' ')[2]}</Desc>"
        "</VldtnRule></RcrdSts>"
        for name, reason in refused.items()
    )
    return (
        f'<Document xmlns="{_ADVICE}"><FinInstrmRptgStsAdvc><StsAdvc>'
        f"<MsgRptIdr>{message_id}</MsgRptIdr><MsgSts><Sts>{status}</Sts></MsgSts>"
        f"{said}</StsAdvc></FinInstrmRptgStsAdvc></Document>"
    ).encode()
