"""Write down the columns of the query catalogue: ``python -m functions.write_catalogue_tables``.

The domain says what its parts hold; the stack, which does not know it, makes Glue tables of it.
"""

import json
from pathlib import Path
from typing import Any, Final

from backoffice.records.query_catalogue import PLACE, TABLES, hive_type

DOCUMENT: Final = Path(__file__).parents[1] / "infra" / "capabilities" / "catalogue_tables.json"


def document() -> dict[str, Any]:
    """Make the document."""
    tables = {
        name: {
            "says": table.says,
            "columns": {column: hive_type(kind) for column, kind in table.schema.items()},
        }
        for name, table in sorted(TABLES.items())
    }
    return {"place": PLACE, "tables": tables}


def text() -> str:
    """Write the document as it is kept."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(text(), encoding="utf-8")
