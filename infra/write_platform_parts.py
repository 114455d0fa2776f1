"""Write down what the platform is made of: ``python -m infra.write_platform_parts``.

The service desk reads it. A function's environment is too small for it; a test fails when it is
behind.
"""

import json
import sys
from pathlib import Path

from infra.blocks.machine_files import machine_names
from infra.blocks.platform_access import QUEUES
from infra.blocks.storage import TABLES
from infra.capabilities.business_day import schedules
from infra.stacks import CAPABILITIES

WRITTEN = (
    Path(__file__).resolve().parents[1]
    / "layers/backoffice/python/backoffice/service_desk/platform_parts.json"
)


def platform_parts() -> str:
    """Return the parts by the names of the repository, as they are written down."""
    parts = {
        "functions": sorted(spec.name for specs in CAPABILITIES.values() for spec in specs),
        "machines": machine_names(),
        "queues": list(QUEUES),
        "schedules": schedules(),
        "tables": list(TABLES),
    }
    return json.dumps(parts, indent=1) + "\n"


if __name__ == "__main__":
    WRITTEN.write_text(platform_parts(), encoding="utf-8")
    sys.stdout.write(f"{WRITTEN} written\n")
