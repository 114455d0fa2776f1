"""A market that is told what was sent, and instructions to send it."""

from dataclasses import replace
from datetime import date
from typing import Any

from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.instruction_reader import (
    Cancellation,
    Change,
    Instruction,
    Unreadable,
)
from backoffice.formats.iso20022.status_reader import read_status
from cli.market.answers import answer
from cli.market.cancellations import Request
from cli.market.history import read_history
from cli.market.holds import ChangeRequest, take_changes
from cli.market.script import Script
from cli.market.script_file import parse_script
from tests.unit.market.samples import SHARE, THEM

MONDAY, TUESDAY, WEDNESDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)
BUY = Instruction(
    obligation_id="OB-BUY",
    movement="RECE",
    isin="US0378331005",
    quantity_e8=100 * SHARE,
    money_minor=-10_000,
    currency="USD",
    settlement_date=TUESDAY,
    trade_date=MONDAY,
    trade_id=None,
    safekeeping_account="A-1",
    counterparty=THEM.lei,
)
SELL = replace(
    BUY, obligation_id="OB-SELL", movement="DELI", quantity_e8=-3 * SHARE, money_minor=1_000
)
CASH = replace(BUY, obligation_id="OB-CASH", quantity_e8=0, money_minor=-5)


class Market:
    """A market that remembers its former days as the real one does: by reading its drops."""

    def __init__(self, script: Script | str, *sent: Instruction | Unreadable) -> None:
        self.script = parse_script(script) if isinstance(script, str) else script
        self.sent = list(sent)
        self.requests: list[Request] = []
        self.changes: list[ChangeRequest] = []
        self.drops: list[bytes] = []
        self.rejected = 0
        """How many messages the back office could not read."""

    def cancel(self, obligation_id: str, on: date = MONDAY) -> None:
        self.requests.append(Request(Cancellation(obligation_id, "RECE"), on.isoformat()))

    def change(
        self, obligation_id: str, released_e8: int | None = None, *, hold: bool, on: date = MONDAY
    ) -> None:
        asked = Change(obligation_id, hold, released_e8)
        self.changes.append(ChangeRequest(asked, on.isoformat()))

    def day(self, day: date) -> list[dict[str, Any]]:
        history = read_history(self.drops)
        held = take_changes(self.changes, history)
        said = answer(self.sent, self.requests, history, day, self.script, held)
        rows: list[dict[str, Any]] = []
        for documents in (said.documents, said.later):
            if documents:
                self.drops.append(wrap(documents))
                file = read_status(self.drops[-1])
                self.rejected += file.rejects.height
                rows += file.statuses.to_dicts()
        return rows


def brief(rows: list[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row[key] for key in ("obligation_id", "outcome", *keys)) for row in rows]
