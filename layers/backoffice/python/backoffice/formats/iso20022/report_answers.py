"""Reads what an authority answers to a transaction report: auth.031, of files and of records."""

from collections.abc import Mapping
from typing import ClassVar, Final

from backoffice.formats.iso20022.fields import Fields
from backoffice.formats.iso20022.statement_fields import repeated
from backoffice.formats.iso20022.statement_rows import Sheet, Told, Waiting
from backoffice.intake.documents import StatementPage
from backoffice.intake.statement_columns import FILE_STATES, RECORD_STATES

_LONGEST_ID: Final = 140
_LONGEST_RULE: Final = 350
_LONGEST_REASON: Final = 1_000
_ADVICE: Final = "StsAdvc"
_RECORD: Final = "StsAdvc/RcrdSts"
_ACCEPTED: Final = frozenset({"ACPT", "ACPD"})
_REFUSED: Final = frozenset({"RJCT", "RJPD"})
_KNOWN: Final = ("MsgSts/Sttstcs/", "MsgSts/MsgDt")


class ReportAnswers:
    """What became of reports: a row a file, and one a record that was not simply accepted."""

    messages: ClassVar[tuple[str, ...]] = ("auth.031",)
    fields: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "reportstatus": {
            "message_id": f"{_ADVICE}/MsgRptIdr",
            "record_id": f"{_RECORD}/OrgnlRcrdId",
            "status": f"{_ADVICE}/MsgSts/Sts",
        }
    }

    def __init__(self, told: Told) -> None:
        self._told = told
        self._rows = Sheet("message_id", "record_id", "status", "reason", "accepted")
        self._waiting = Waiting()
        self._accepted = self._refused = 0

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        """What was gathered, by schema."""
        return {"reportstatus": self._rows}

    def take(self, part: str, fields: Fields) -> None:
        """Take a record, the advice it stands in, or the message itself, which comes last."""
        if part == _RECORD:
            self._record(fields, part)
        elif part == _ADVICE:
            self._advice(fields, self._waiting.of(part))
        elif not part:
            self._told.pages.append(StatementPage(message="auth.031"))

    def _record(self, fields: Fields, part: str) -> None:
        record = fields.required("OrgnlRcrdId", longest=_LONGEST_ID)
        status = fields.choice("Sts", RECORD_STATES)
        reason = _reason(fields, "")
        if fields.problem:
            self._told.reject(fields.problem, part)
            return
        if status in _ACCEPTED:
            self._accepted += 1
            return
        self._refused += status in _REFUSED
        unknown = fields.unread_json(())
        row = self._rows.add(self._told.next(), unknown, None, record, status, reason, None)
        self._waiting.add(part, row)

    def _advice(self, fields: Fields, rows: list[int]) -> None:
        accepted, refused = self._accepted, self._refused
        self._accepted = self._refused = 0
        message = fields.required("MsgRptIdr", longest=_LONGEST_ID)
        status = None
        if fields.has("MsgSts"):
            status = fields.choice("MsgSts/Sts", FILE_STATES)
        elif rows or accepted:
            status = "PART" if refused else "ACPT"
        reason = _reason(fields, "MsgSts/")
        self._rows.fill("message_id", rows, message)
        if fields.problem:
            self._told.reject(fields.problem, _ADVICE)
        elif status is not None:
            unknown, count = fields.unread_json(_KNOWN), str(accepted)
            self._rows.add(self._told.next(), unknown, message, None, status, reason, count)


def _reason(fields: Fields, below: str) -> str | None:
    """Return the rules that were broken, each by its id and what it says."""
    rules = []
    for name in repeated(fields.layout, f"{below}VldtnRule"):
        said = (fields.text(f"{name}/Id"), fields.text(f"{name}/Desc", longest=_LONGEST_RULE))
        rules.append(" ".join(word for word in said if word))
    return "; ".join(rules)[:_LONGEST_REASON] or None
