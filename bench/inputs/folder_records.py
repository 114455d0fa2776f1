"""The record store as files of a folder, for the sides that read what an input wrote."""

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from backoffice.kernel.parts import Part
from backoffice.stores.parquet import from_parquet, rows_where, to_parquet

_READERS: Final = 8


class FolderRecords:
    """Write-once objects by key, below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read_bytes(self, key: str) -> bytes:
        """Return the object's bytes; KeyError when there is none."""
        body = self.find_bytes(key)
        if body is None:
            raise KeyError(key)
        return body

    def read_many(self, keys: Sequence[str]) -> list[bytes]:
        """Return the bytes of many objects, in their order."""
        return [self.read_bytes(key) for key in keys]

    def read_starts(self, keys: Sequence[str], length: int) -> list[bytes]:
        """Return the first bytes of many objects, in their order."""
        return [self.read_bytes(key)[:length] for key in keys]

    def find_bytes(self, key: str) -> bytes | None:
        """Return the object's bytes, or None when there is none."""
        path = self._folder / key
        return path.read_bytes() if path.exists() else None

    def sha256(self, key: str) -> str:
        """Hash an object's bytes."""
        return hashlib.sha256(self.read_bytes(key)).hexdigest()

    def put_once(self, key: str, body: bytes) -> bool:
        """Write unless the key exists; False when it did."""
        path = self._folder / key
        if path.exists():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return True

    def keys(self, prefix: str) -> list[str]:
        """List the keys under a prefix, sorted."""
        files = (path for path in self._folder.rglob("*") if path.is_file())
        names = (str(path.relative_to(self._folder)) for path in files)
        return sorted(name for name in names if name.startswith(prefix))

    def read(self, part: Part, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Read one part, or some of its columns."""
        return from_parquet(self.read_bytes(part.key), columns)

    def read_all(self, parts: Iterable[Part]) -> pl.DataFrame | None:
        """Read parts as one frame, in the order given; None when there is none."""
        with ThreadPoolExecutor(_READERS) as pool:
            frames = list(pool.map(self.read, parts))
        return pl.concat(frames, how="vertical") if frames else None

    def read_where(self, parts: Iterable[Part], where: pl.Expr) -> pl.DataFrame | None:
        """Read the rows of parts that hold; None when there is no part."""
        with ThreadPoolExecutor(_READERS) as pool:
            bodies = list(pool.map(self.read_bytes, (part.key for part in parts)))
        frames = [rows_where(body, where) for body in bodies]
        return pl.concat(frames, how="vertical") if frames else None

    def keep(self, capability: str, day: date, frame: pl.DataFrame) -> Part:
        """Write a frame by the hash of its bytes."""
        body = to_parquet(frame)
        key = self.keep_bytes(capability, day, body, ".parquet")
        return Part(key=key, sha256=hashlib.sha256(body).hexdigest(), rows=frame.height)

    def keep_bytes(self, capability: str, day: date, body: bytes, suffix: str) -> str:
        """Write bytes by their hash and return the key."""
        key = f"{capability}/{day}/{hashlib.sha256(body).hexdigest()}{suffix}"
        self.put_once(key, body)
        return key
