"""A list of invented entries, and screening one name against it."""

from datetime import date
from functools import cache

import polars as pl

from backoffice.kernel.rulebook import default_rulebook
from backoffice.risk.screening.index import ListIndex, build_index
from backoffice.risk.screening.listed import ListedRow, listed_frame
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.screen import screen

RULES = ScreeningRules.on(default_rulebook(), date(2026, 3, 2))

ENTRIES: tuple[ListedRow, ...] = (
    ("OFAC", "1", "PERSON", "TEST", "AL-EXAMPLAWI, Muhammad Yusuf", "PRIMARY"),
    ("OFAC", "1", "PERSON", "TEST", "ABU SAMPLE", "WEAK"),
    ("OFAC", "2", "PERSON", "TEST", "TESTOVSKY, Aleksandr Yurievich", "PRIMARY"),
    ("OFAC", "2", "PERSON", "TEST", "TESTOVSKIY, Oleksandr", "STRONG"),
    ("OFAC", "3", "ENTITY", "TEST", "PLACEHOLDER GENERAL TRADING CO., LTD.", "PRIMARY"),
    ("EU", "EU.1.1", "PERSON", "TEST", "Jón Prófsson", "PRIMARY"),
    ("EU", "EU.2.1", "ENTITY", "TEST", "Banka Zkušební S.A.", "PRIMARY"),
    ("UN", "QDi.001", "PERSON", "TEST", "Abd al-Rahman Specimen", "PRIMARY"),
    ("UN", "QDi.002", "PERSON", "TEST", "محمد يوسف", "PRIMARY"),
    ("UN", "QDi.004", "PERSON", "TEST", "A.S. Makett", "PRIMARY"),
    ("UN", "QDi.003", "PERSON", "TEST", "General Vzorek", "PRIMARY"),
    ("HOUSE", "H1", "UNKNOWN", "fraud", "Dummy Partners", "PRIMARY"),
    ("HOUSE", "H2", "PERSON", "fraud", "Юрий Образцов", "PRIMARY"),
    ("OFAC", "4", "VESSEL", "TEST", "MOCK STAR 12", "PRIMARY"),
)


@cache
def index() -> ListIndex:
    """Return the index of these entries, with weights as a long list would give them."""
    filler = [("OFAC", f"F{at}", "ENTITY", "", f"FILLER{at:04d}", "PRIMARY") for at in range(400)]
    return build_index(listed_frame([*ENTRIES, *filler]), RULES)


def names(*rows: tuple[str, str | None]) -> pl.DataFrame:
    """Return names with their kinds as accounts of their own."""
    asked = [("ACCOUNT", f"A{at:03d}", name, kind) for at, (name, kind) in enumerate(rows)]
    schema = ["subject_kind", "subject", "name", "kind"]
    return pl.DataFrame(asked, schema=dict.fromkeys(schema, pl.String), orient="row")


def hits(name: str, kind: str | None = None) -> list[str]:
    """Return the entries that a name hits, the likeliest first."""
    return screen(names((name, kind)), index())["entry_id"].to_list()


def score(name: str, kind: str | None = None) -> int:
    """Return the best score of a name that is a hit; 0 when it is none."""
    found = screen(names((name, kind)), index())["score_bp"]
    return int(found[0]) if len(found) else 0
