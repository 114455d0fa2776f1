"""Whether what the emulator saved when it was stopped is still all there, byte for byte."""

import hashlib
from pathlib import Path

from infra.local.home import Home, read_json, write_json


def seal(home: Home) -> None:
    """Note what the saved state consists of; from then on it counts as whole."""
    write_json(home.saved, _listed(home))


def is_whole(home: Home) -> bool:
    """Tell whether all that was sealed is there: a part of it would start a part of AWS."""
    match read_json(home.saved):
        case dict() as sealed if sealed:
            found = _listed(home)
            return all(found.get(name) == said for name, said in sealed.items())
    return False


def _listed(home: Home) -> dict[str, str]:
    files = (path for path in sorted(home.state.rglob("*")) if path.is_file())
    return {str(path.relative_to(home.state)): _hash(path) for path in files if path != home.saved}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
