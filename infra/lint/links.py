"""Name every link in the documents that leads nowhere: ``python -m infra.lint.links``."""

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_FENCE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]*`", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


def main() -> int:
    """Print dead links; return the exit code."""
    dead = [line for document in documents() for line in dead_links(document)]
    for line in dead:
        sys.stdout.write(f"{line}\n")
    return 1 if dead else 0


def documents() -> list[Path]:
    """Return every Markdown file that belongs to the project."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],  # noqa: S607
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [PROJECT / name for name in listed.stdout.splitlines() if (PROJECT / name).exists()]


def dead_links(document: Path) -> list[str]:
    """Return a line for every relative link of `document` whose file or heading is missing."""
    text = _FENCE.sub("", document.read_text(encoding="utf-8"))
    return [
        f"{document.relative_to(PROJECT)}: {target} leads nowhere"
        for target in _LINK.findall(text)
        if not _ELSEWHERE.match(target) and not _leads_somewhere(document, target)
    ]


def _leads_somewhere(document: Path, target: str) -> bool:
    name, _, heading = target.partition("#")
    file = (document.parent / name).resolve() if name else document
    if not file.exists():
        return False
    if not heading or file.suffix != ".md":
        return True
    return heading in {_anchor(each) for each in _HEADING.findall(file.read_text(encoding="utf-8"))}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    sys.exit(main())
