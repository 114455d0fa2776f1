"""Lint the synthesized stacks by cdk-nag and cfn-lint: ``python -m infra.lint.templates``."""

import subprocess
import sys
from pathlib import Path

from infra.local.assembly import assembly
from infra.local.errors import AssemblyError

STAGES = ("local", "prod")
# The construct library makes a function wait for its role twice over.
_IGNORED = "W3005"


def main() -> int:
    """Print what the linters find; return the exit code."""
    try:
        folders = [assembly(stage, _tell, checked=True) for stage in STAGES]
    except AssemblyError as error:
        sys.stdout.write("\n".join([str(error), *error.__notes__]) + "\n")
        return 1
    return lint([path for folder in folders for path in sorted(folder.glob("*.template.json"))])


def lint(templates: list[Path]) -> int:
    """Print what cfn-lint finds in `templates`; return its exit code."""
    linter = str(Path(sys.executable).with_name("cfn-lint"))
    command = [linter, "--ignore-checks", _IGNORED, "--", *map(str, templates)]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - the environment's own


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
