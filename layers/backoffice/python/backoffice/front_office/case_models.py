"""What the exceptions desk sends and is answered, as JSON."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backoffice.clearance.trails import LONGEST_TEXT
from backoffice.front_office.models import Text
from backoffice.front_office.open_cases import OpenCase

MOST_CASES = 100
MOST_TRADES = 1_000
LONGEST_DOCUMENT = 4_000_000
"""Characters of a document in base 64: a request to the API may be 6 MB."""

_Name = Annotated[Text, Field(min_length=1, max_length=128)]


_Number = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}$")]
_Option = Annotated[str, Field(pattern=r"^[A-Z]{1,20}$")]
_Quantity = Annotated[str, Field(pattern=r"^[0-9]{1,18}(\.[0-9]{1,8})?$")]
_Seen = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NamedTrade(_Sent):
    """A trade by its identity."""

    partner: _Name
    trade_date: date
    trade_id: _Name


class Attachment(_Sent):
    """A document that belongs to a case, in base 64."""

    name: _Name
    content: Annotated[str, Field(min_length=1, max_length=LONGEST_DOCUMENT)]


class ActRequest(_Sent):
    """What someone does about a case.

    A proposal names its outcome and why; ERROR_ACCOUNT the account too, ELECT the option and, if it
    is not for all the shares that are left, a quantity. Without trades it is about
    all that the case holds. APPROVE and REJECT name the number of the proposal they are about. An
    act that says what was `seen`, as the case shows it, is refused once the case holds else.
    """

    verb: Literal[
        "PROPOSE", "APPROVE", "REJECT", "WITHDRAW", "COMMENT", "ASSIGN", "ATTACH", "SPLIT"
    ]
    outcome: Literal["RELEASE", "REFUSE", "ERROR_ACCOUNT", "ACKNOWLEDGE", "ELECT"] | None = None
    text: Annotated[Text, Field(max_length=LONGEST_TEXT)] = ""
    account: Annotated[Text, Field(min_length=1, max_length=40)] | None = None
    option: _Option | None = None
    quantity: _Quantity | None = None
    assignee: _Name | None = None
    proposal: _Number | None = None
    seen: _Seen | None = None
    attachment: Attachment | None = None
    trades: Annotated[tuple[NamedTrade, ...], Field(max_length=MOST_TRADES)] = ()


class BulkRequest(_Sent):
    """One act about many cases: to decide them, the number of each one's proposal.

    What was `seen` is said of each case by itself.
    """

    case_ids: Annotated[tuple[_Name, ...], Field(min_length=1, max_length=MOST_CASES)]
    act: ActRequest
    proposals: dict[_Name, _Number] = {}
    seen: dict[_Name, _Seen] = {}


class ShownAct(BaseModel):
    """An act of a case's trail."""

    number: int
    at: str
    actor: str
    verb: str
    outcome: str | None
    text: str
    account: str | None
    option: str | None
    quantity: str | None
    assignee: str | None
    record: str | None
    proposal: int | None
    seen: str | None
    trades: int


class Member(BaseModel):
    """What a case holds back, and where it came from."""

    partner: str | None
    business_date: date | None
    trade_date: date | None
    trade_id: str | None
    file: str | None
    row: int | None


class Hit(BaseModel):
    """What was found of a party: the entry, which of its names, how much alike, and why.

    The score is in basis points, 0 to 10,000.
    """

    name: str
    list_code: str
    entry_id: str
    entry_kind: str
    programs: str
    listed_name: str
    quality: str
    score_bp: int
    explanation: str
    found_on: date


class CaseDetail(BaseModel):
    """A case with its trail and a page of its members; `next` is where the page after begins.

    Of a party that may be listed `hits` say what was found, the likeliest first. `seen` names the
    members and hits of all pages: an act that says it is about nothing else. Where a choice is due
    `options` say among what, the default first.
    """

    case: OpenCase
    seen: str
    hits: tuple[Hit, ...]
    outcomes: tuple[str, ...]
    options: tuple[str, ...]
    trail: tuple[ShownAct, ...]
    members: tuple[Member, ...]
    next: int | None


class ActTaken(BaseModel):
    """An act as it stands, and the case after it."""

    number: int
    case: OpenCase


class BulkOutcome(BaseModel):
    """What became of an act about one of many cases: taken, or why not."""

    case_id: str
    status: int
    number: int | None
    detail: str | None


class BulkOutcomes(BaseModel):
    """What became of an act about many cases, in the order they were named."""

    outcomes: tuple[BulkOutcome, ...]
