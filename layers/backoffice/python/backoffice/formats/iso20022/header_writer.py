"""Writes the business application header that goes before a Document: head.001.001.02."""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from typing import Final

from backoffice.formats.iso20022.parties import Depository, Party
from backoffice.formats.iso20022.text import MAX_TEXT, escape

_HEADER: Final = "urn:iso:std:iso:20022:tech:xsd:head.001.001.02"
_BEGINNING: Final = {"sese.023.001.11": "I", "sese.020.001.07": "C", "sese.030.001.09": "M"}
"""What an identifier begins with: an instruction, a request to cancel, one to modify."""
RELEASES: Final = "R"
"""What a request to release begins with: it may be of the day of the hold."""

_DIGEST: Final = 24
_IDENTIFIER: Final = re.compile("[ICMR][0-9]{8}-(.+)")

Head = Callable[[str], bytes]
"""Writes the header of the message about one obligation."""


def header_writer(
    definition: str, us: Party, depository: Depository, day: date, begins_with: str | None = None
) -> Head:
    """Return what writes the headers of one day's messages of one kind.

    They differ in BizMsgIdr alone: what the message is, the business day, and the obligation it is
    about, so that the same message has the same header whenever it is written again. An
    obligation's id that is too long for that stands in it as a digest. The time of creation is
    the beginning of the business day in UTC: a header tells of no clock.

    Parameters
    ----------
    definition
        The Document's message, with its version.
    us, depository
        Who sends and who receives.
    day
        The business day.
    begins_with
        Of one definition's messages that may meet on a day, what tells them apart.
    """
    begins = f"{begins_with or _BEGINNING[definition]}{day:%Y%m%d}-"
    room = MAX_TEXT - len(begins)
    before = (
        f'<AppHdr xmlns="{_HEADER}"><Fr>{_sender(us)}</Fr><To><FIId><FinInstnId>'
        f"<BICFI>{depository.bic}</BICFI></FinInstnId></FIId></To><BizMsgIdr>{begins}"
    ).encode()
    after = (
        f"</BizMsgIdr><MsgDefIdr>{definition}</MsgDefIdr><CreDt>{day}T00:00:00Z</CreDt></AppHdr>"
    ).encode()

    def head(obligation_id: str) -> bytes:
        named = obligation_id if len(obligation_id) <= room else _digest(obligation_id)
        return before + escape(named).encode() + after

    return head


def named_by(identifier: str) -> str:
    """Return the obligation a message's identifier names; any other reference is itself."""
    match = _IDENTIFIER.fullmatch(identifier)
    return match[1] if match else identifier


def _sender(us: Party) -> str:
    bic = f"<AnyBIC>{us.bic}</AnyBIC>" if us.bic else ""
    return f"<OrgId><Id><OrgId>{bic}<LEI>{us.lei}</LEI></OrgId></Id></OrgId>"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST].upper()
