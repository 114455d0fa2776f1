"""The folder in which one embedded AWS keeps everything it has."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from infra.local.errors import PlatformError

PROJECT = Path(__file__).resolve().parents[2]
HOME_VARIABLE = "BACKOFFICE_HOME"
LEAST_FREE_MB = 200

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Home:
    """Where the emulator's state, log, port and process id stand; two homes share nothing."""

    folder: Path

    @classmethod
    def find(cls, folder: Path | None = None) -> Self:
        """Return the home at `folder`, else the one the environment names, else the project's.

        Raises
        ------
        PlatformError
            No folder can stand there: it is a file, or leads through one, or to nobody's home.
        """
        chosen = folder or Path(os.environ.get(HOME_VARIABLE) or PROJECT / ".backoffice")
        try:
            found = chosen.expanduser().resolve()
        except RuntimeError as error:  # an unknown user's home, or links in a circle
            raise PlatformError(f"{chosen} leads to no folder: {error}") from error
        for place in (found, *found.parents):
            if place.exists() and not place.is_dir():
                raise PlatformError(f"{chosen} cannot be used: {place} is a file, not a folder")
        return cls(found)

    @property
    def state(self) -> Path:
        """What the emulator saves when it is stopped."""
        return self.folder / "state"

    @property
    def saved(self) -> Path:
        """Stands only while `state` is whole, and lists what it consists of."""
        return self.state / "complete"

    @property
    def objects(self) -> Path:
        """The objects of every bucket, on disk as soon as they are put."""
        return self.folder / "s3"

    @property
    def keys(self) -> Path:
        """The keys that KMS opens what is encrypted in the objects with, as soon as made."""
        return self.folder / "kms.json"

    @property
    def signing_keys(self) -> Path:
        """The private parts of signing keys, on disk as soon as they are made."""
        return self.folder / "signing-keys"

    @property
    def scratch(self) -> Path:
        """The emulator's temporary files; nothing in it outlives its process."""
        return self.folder / "tmp"

    @property
    def log(self) -> Path:
        """What the emulator says."""
        return self.folder / "emulator.log"

    @property
    def process(self) -> Path:
        """The emulator's process id and port, written by itself."""
        return self.folder / "emulator.json"

    @property
    def alive(self) -> Path:
        """Locked by the emulator as long as it lives, however it dies."""
        return self.folder / "emulator.lock"

    @property
    def deployed(self) -> Path:
        """Which assembly stands, and its outputs."""
        return self.folder / "deployed.json"

    @property
    def tables_lost(self) -> Path:
        """Stands while the served tables must still be rebuilt from the records."""
        return self.folder / "tables-lost"

    @property
    def usage(self) -> Path:
        """What every piece of work used, a line each, in the order it ended."""
        return self.folder / "usage.jsonl"

    def prepare(self) -> None:
        """Make the folder, and refuse a disk that is about to be full.

        Raises
        ------
        PlatformError
            The folder cannot be made or written, or the disk is full.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            free_mb = shutil.disk_usage(self.folder).free // 2**20
        except OSError as error:
            raise PlatformError(f"{self.folder} cannot be used: {error.strerror}") from error
        if not os.access(self.folder, os.W_OK):
            raise PlatformError(f"{self.folder} cannot be written")
        if free_mb < LEAST_FREE_MB:
            raise PlatformError(
                f"the disk of {self.folder} is full: {free_mb} MB are free, "
                f"{LEAST_FREE_MB} MB are needed"
            )

    @contextmanager
    def exclusively(self, tell: Tell) -> Iterator[None]:
        """Let one command at a time start, deploy or stop in this home."""
        with (self.folder / "command.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                tell("waiting for another command in this home")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def forget_state(self) -> None:
        """Drop what died with the emulator: all but the objects."""
        if self.holds_records():
            self.tables_lost.touch()
        self.deployed.unlink(missing_ok=True)
        shutil.rmtree(self.state, ignore_errors=True)

    def holds_records(self) -> bool:
        """Tell whether any object was ever put in this home."""
        return self.objects.is_dir() and any(self.objects.iterdir())

    def wipe(self) -> None:
        """Remove everything the platform ever wrote here, and nothing else."""
        for folder in (self.state, self.objects, self.signing_keys, self.scratch):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (
            self.log,
            self.process,
            self.alive,
            self.deployed,
            self.tables_lost,
            self.usage,
            self.keys,
        ):
            file.unlink(missing_ok=True)


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the document at `path`, or None if there is none whole."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write `document` whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(document, indent=1))
    unfinished.replace(path)
