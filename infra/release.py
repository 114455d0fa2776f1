"""Build a release: ``python -m infra.release --out dist``; `make release` does it.

What is deployed, as one archive: the templates of a stage with the code and layers they name; and
the hash of it. The same sources give the same bytes.
"""

import argparse
import hashlib
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.local.assembly import assembly
from infra.local.errors import AssemblyError
from infra.local.home import PROJECT
from infra.stages import STAGES
from infra.version import VERSION

SUMS: Final = "SHA256SUMS"
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP can say."""
_PLAIN: Final = 0o100644
_RUN: Final = 0o100755
_UNWANTED: Final = frozenset({"__pycache__"})
_NOTES: Final = ("CHANGELOG.md", "LICENSE", "docs/deploy.md")
_BLOCK: Final = 1 << 20


def main() -> int:
    """Build the archive of each stage asked for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PROJECT / "dist")
    parser.add_argument("--stage", action="append", choices=sorted(set(STAGES) - {"local"}))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        for stage in options.stage or ["prod"]:
            folder = assembly(stage, _tell, checked=True)
            _tell(f"packing {stage}")
            bundle(folder, options.out / f"bakskrifstofa-{VERSION}-{stage}.zip")
    except AssemblyError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write_sums(options.out)
    sys.stdout.write((options.out / SUMS).read_text())
    return 0


def bundle(folder: Path, archive: Path) -> None:
    """Pack an assembly, with what a release says of itself, as one archive.

    Entries stand by their names and say no time, and of their modes only whether they run.
    """
    begun = archive.with_suffix(".begun")
    with zipfile.ZipFile(begun, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        _write(packed, "VERSION", f"{VERSION}\n".encode(), runs=False)
        for name in _NOTES:
            _write(packed, name, (PROJECT / name).read_bytes(), runs=False)
        for path in _files(folder):
            name = f"cdk.out/{path.relative_to(folder).as_posix()}"
            _write(packed, name, path.read_bytes(), runs=bool(path.stat().st_mode & 0o100))
    shutil.move(begun, archive)


def write_sums(folder: Path) -> None:
    """Write the hash of every archive in a folder, as `sha256sum --check` reads it."""
    lines = [f"{_sha256(path)}  {path.name}\n" for path in sorted(folder.glob("*.zip"))]
    (folder / SUMS).write_text("".join(lines))


def _files(folder: Path) -> Iterator[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    wanted = (path for path in found if not _UNWANTED & set(path.parts))
    yield from sorted(wanted, key=lambda path: path.relative_to(folder).as_posix())


def _write(packed: zipfile.ZipFile, name: str, body: bytes, *, runs: bool) -> None:
    entry = zipfile.ZipInfo(name, _BEGINNING)
    entry.create_system = 3  # Unix, whatever packs it
    entry.external_attr = (_RUN if runs else _PLAIN) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(entry, body)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
