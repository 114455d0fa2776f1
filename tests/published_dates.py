"""Settlement dates that exchanges and depositories published."""

from typing import Final

AMERICAN: Final = (
    ("1995-10-03", "1995-10-06"),
    ("1995-10-04", "1995-10-10"),
    ("1995-10-06", "1995-10-12"),
    ("1995-10-09", "1995-10-12"),
    ("2024-05-24", "2024-05-29"),
    ("2024-05-28", "2024-05-29"),
    ("2026-10-09", "2026-10-13"),
    ("2026-10-12", "2026-10-13"),
    ("2026-11-25", "2026-11-27"),
)
"""Trade date and settlement date on XNYS and XNAS."""
