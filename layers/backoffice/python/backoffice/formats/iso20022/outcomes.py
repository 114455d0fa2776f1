"""What a status element means for an obligation, the most decisive first.

A message may carry several statuses (matched and pending). The first prefix of a table that is
there decides; what the others say stays among the message's unknown elements.
"""

from typing import Final

MATCHED: Final = "MATCHED"
UNMATCHED: Final = "UNMATCHED"
REJECTED: Final = "REJECTED"
PENDING: Final = "PENDING"
SETTLED: Final = "SETTLED"
CANCEL_ACCEPTED: Final = "CANCEL_ACCEPTED"
CANCEL_REFUSED: Final = "CANCEL_REFUSED"
CHANGE_ACCEPTED: Final = "CHANGE_ACCEPTED"
CHANGE_REFUSED: Final = "CHANGE_REFUSED"

STATUS_OUTCOMES: Final = (
    ("PrcgSts/Rjctd", REJECTED),
    ("PrcgSts/Canc", CANCEL_ACCEPTED),
    ("MtchgSts/Umtchd", UNMATCHED),
    ("IfrrdMtchgSts/Umtchd", UNMATCHED),
    ("SttlmSts", PENDING),
    ("MtchgSts/Mtchd", MATCHED),
    ("IfrrdMtchgSts/Mtchd", MATCHED),
    ("PrcgSts", PENDING),
    ("MtchgSts", PENDING),
    ("IfrrdMtchgSts", PENDING),
)
"""sese.024. A status that is none of ours (proprietary, of a later version) leaves it pending."""

ANSWER_OUTCOMES: Final = (
    ("PrcgSts/Canc", CANCEL_ACCEPTED),
    ("PrcgSts/AckdAccptd", CANCEL_ACCEPTED),
    ("PrcgSts/Dnd", CANCEL_REFUSED),
    ("PrcgSts/Rjctd", CANCEL_REFUSED),
    ("PrcgSts", PENDING),
)
"""sese.027. A servicer that acknowledges and accepts a request has accepted it; one that repents
says so by a later refusal, which is then a refusal of a cancelled obligation and opens a case."""

CHANGE_OUTCOMES: Final = (
    ("PrcgSts/Cmpltd", CHANGE_ACCEPTED),
    ("PrcgSts/AckdAccptd", CHANGE_ACCEPTED),
    ("PrcgSts/Dnd", CHANGE_REFUSED),
    ("PrcgSts/Rjctd", CHANGE_REFUSED),
    ("PrcgSts", PENDING),
)
"""sese.031, the answer to a request to hold or release; read as sese.027 is."""
