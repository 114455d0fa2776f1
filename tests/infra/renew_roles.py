"""Write down what the roles allow now: ``python -m tests.infra.renew_roles``."""

import json
import sys

from infra.local.assembly import assembly
from tests.infra.conftest import Synthesized
from tests.infra.test_functions import SNAPSHOT, project_roles


def main() -> None:
    """Renew the snapshot."""
    stage = Synthesized(assembly("prod", print, checked=True))
    SNAPSHOT.write_text(json.dumps(project_roles(stage), indent=1) + "\n")
    sys.stdout.write(f"{SNAPSHOT} renewed\n")


if __name__ == "__main__":
    main()
