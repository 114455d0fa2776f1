"""Texts that have broken readers of texts, and the figures that a mutant's are drawn from."""

import random
from typing import Final

NUMBERS: Final = (
    "1e3", "+1", "NaN", "Infinity", "-1", "-0", "0", "1_000", "1,000", "1.000,00", "٣",
    "\uff11\uff12", "½", "0x1", "1.5.5", "1.", ".5", "--1", "1" + "0" * 18, "9" * 40,
    "1.123456789", "0.000000000001", "999999999999999999.99999999", "0" * 30 + "1", "1 000",
    "1'000", "$5", "5%", "1/3",
)  # fmt: skip
DATES: Final = (
    "2026-02-30", "2026-13-01", "20261007", "07.10.2026", "2026-10-7", "0000-00-00", "9999-12-31",
    "0001-01-01", "2026-10-07T00:00:00", "-2026-10-07", "2026-W41-3", "tomorrow", "99999-01-01",
)  # fmt: skip
TIMES: Final = (
    "2026-10-07T14:00:00", "2026-10-07T24:00:00Z", "2026-10-07T23:59:60Z", "2026-10-07 14:00:00Z",
    "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2026-10-07T14:00:00+99:99",
    "2026-10-07T14:00:00.123456789Z", "2026-10-07T14:00Z", "14:00:00Z", "1791381600",
)  # fmt: skip
CODES: Final = (
    "US0378331004", "us0378331005", "US037833100", "US03783310055", "ÍS0000000001", "XXXX", "ZZZ",
    "usd", "buy", "BUY ", "BUY;SELL", "54930084UKLVMY22DS17", "54930084UKLVMY22DS1", "NONE",
)  # fmt: skip
TEXTS: Final = (
    "", " ", "\t", "\u00a0", "\u200b", "\ufeff", "\u2028", "\u202egnol", "🙂" * 20, "Þórður",
    "a\u0301", "=1+1", "@SUM(A1)", "'; DROP TABLE trades; --", "../../etc/passwd",
    "${jndi:ldap://x}", "{{7*7}}", "%s%n%x", "<script>alert(1)</script>", "]]>", "&amp;", "null",
    "None", "true", "[]", "{}", "\\", "\\n", "A" * 41, "A" * 53, "A" * 5_000, 'Q"U', "it's",
    "a;b", "a|b", "a,b", "x:trade_id", "row",
)  # fmt: skip
CONTROLS: Final = ("\x00", "\x1b[31m", "\x7f", "\x85", "\r", "\x0b", "\x0c", "a\x00b")
"""Characters that text files may hold and XML may not."""


def text(rng: random.Random, *, controls: bool = True) -> str:
    """Draw a hostile text."""
    kinds = [NUMBERS, DATES, TIMES, CODES, TEXTS, TEXTS]
    if controls:
        kinds.append(CONTROLS)
    return rng.choice(rng.choice(kinds))
