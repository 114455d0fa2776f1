"""Six changes to the emulator, each checked against what it changes.

Three save time that AWS does not take; three mend what it does. An upgrade that changes what stands
here fails at the start, loudly.
"""

import hashlib
import inspect
import os
import re
import time
from pathlib import Path
from typing import Any, Final

import ministack.core.lambda_runtime as runtime
import ministack.services.kms as keys
import ministack.services.lambda_svc as functions
import ministack.services.s3 as objects
import ministack.services.stepfunctions as executions
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

WORKERS_VARIABLE: Final = "BACKOFFICE_FUNCTION_WORKERS"
_START_DELAY_S: Final = 0.15
_SHORT_DELAY_S: Final = 0.005
_UPLOAD: Final = re.compile(rb"<UploadId>([^<]+)</UploadId>")
_ONE_RANGE: Final = re.compile(r"bytes=(\d+)-(\d+)")
_OF_THE_WHOLE: Final = ("content-length", "x-amz-checksum")
_OK: Final = 200
_PARTIAL: Final = 206
_NO_LOG_WAIT_S: Final = (0.003, 0.002, 0.25)


class PatchError(Exception):
    """The emulator is not the version these changes were written for."""


def apply(key_folder: Path) -> None:
    """Change the emulator in this process; its signing keys are kept in `key_folder`.

    Raises
    ------
    PatchError
        Its code is not what was expected.
    """
    _wait_less_for_logs()
    _start_executions_at_once()
    _queue_for_workers(int(os.environ.get(WORKERS_VARIABLE, "2")))
    _cut_ranges_of_versions()
    _lock_what_comes_in_parts()
    _keep_signing_keys(key_folder)


def _wait_less_for_logs() -> None:
    """Do not wait 50 ms for the log lines of a function that writes none."""
    drain = runtime.Worker._drain_stderr_bounded  # noqa: SLF001
    if drain.__defaults__ != (0.050, 0.005, 0.250):
        raise PatchError("the emulator waits otherwise for a function's log")
    drain.__defaults__ = _NO_LOG_WAIT_S


class _Clock:
    """The module `time`, but for the pause before every execution."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        time.sleep(_SHORT_DELAY_S if seconds == _START_DELAY_S else seconds)


def _start_executions_at_once() -> None:
    if executions.time is not time:
        raise PatchError("the emulator takes its time otherwise")
    executions.time = _Clock()


def _queue_for_workers(most: int) -> None:
    """Let an invocation wait for one of `most` processes, as for reserved concurrency.

    Unbounded, ten files dropped at once start forty cold processes on two processors.
    """
    acquire = functions.acquire_worker
    if acquire is not runtime.acquire_worker:
        raise PatchError("the emulator takes its workers otherwise")

    def wait_for_worker(
        name: str,
        config: dict[str, Any],
        code: bytes,
        qualifier: str = "$LATEST",
        max_concurrency: int | None = None,
    ) -> tuple[Any, str]:
        give_up_at = time.monotonic() + float(config.get("Timeout", 300))
        while True:
            worker, why = acquire(
                name, config, code, qualifier=qualifier, max_concurrency=max_concurrency or most
            )
            if worker is not None or time.monotonic() > give_up_at:
                return worker, why
            time.sleep(0.002)

    functions.acquire_worker = wait_for_worker


def _cut_ranges_of_versions() -> None:
    """Give the bytes asked for of a version, not all of it; of a key alone it does so itself."""
    get = objects._get_object  # noqa: SLF001
    if list(inspect.signature(get).parameters) != ["bucket_name", "key", "headers", "query_params"]:
        raise PatchError("the emulator reads objects otherwise")

    def get_range(
        bucket_name: str,
        key: str,
        headers: dict[str, str],
        query_params: dict[str, Any] | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        status, answered, body = get(bucket_name, key, headers, query_params)
        asked = _ONE_RANGE.fullmatch(headers.get("range", ""))
        if status != _OK or asked is None or "versionId" not in (query_params or {}):
            return status, answered, body
        first, last = int(asked[1]), min(int(asked[2]), len(body) - 1)
        # Neither length nor checksums of the whole hold for a part of it.
        kept = {n: text for n, text in answered.items() if not n.lower().startswith(_OF_THE_WHOLE)}
        kept["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        return _PARTIAL, kept, body[first : last + 1]

    objects._get_object = get_range  # noqa: SLF001


def _remember_locks() -> dict[str, dict[str, str]]:
    """Keep what uploads in parts ask for as they begin, by their ids: a lock among it."""
    begin, asked = objects._create_multipart_upload, dict[str, dict[str, str]]()  # noqa: SLF001
    if list(inspect.signature(begin).parameters) != ["bucket_name", "key", "headers"]:
        raise PatchError("the emulator begins uploads otherwise")

    def begin_and_remember(bucket_name: str, key: str, headers: dict[str, str]) -> Any:  # noqa: ANN401
        answer = begin(bucket_name, key, headers)
        if found := _UPLOAD.search(answer[2]):
            asked[found[1].decode()] = headers
        return answer

    objects._create_multipart_upload = begin_and_remember  # noqa: SLF001
    return asked


def _lock_what_comes_in_parts() -> None:
    """Give an object uploaded in parts its lock, or its bucket's; one put whole has it already."""
    complete, asked = objects._complete_multipart_upload, _remember_locks()  # noqa: SLF001
    takes = ["bucket_name", "key", "body", "query_params", "headers"]
    if list(inspect.signature(complete).parameters) != takes:
        raise PatchError("the emulator completes uploads otherwise")

    def complete_and_lock(
        bucket: str, key: str, body: bytes, query: dict[str, Any], headers: dict[str, str] | None
    ) -> tuple[int, dict[str, str], bytes]:
        answer: tuple[int, dict[str, str], bytes] = complete(bucket, key, body, query, headers)
        status, answered, _ = answer
        place = (bucket, key, answered.get("x-amz-version-id"))
        lock = asked.get(objects._qp(query, "uploadId"), {})  # noqa: SLF001
        # a completion that is asked for again must not renew what was set since
        if status == _OK and place not in objects._object_retention:  # noqa: SLF001
            objects._apply_object_lock_from_headers(bucket, key, lock, place[2])  # noqa: SLF001
        return answer

    objects._complete_multipart_upload = complete_and_lock  # noqa: SLF001


def _keep_signing_keys(folder: Path) -> None:
    """Give a signing key that is made anew, after a crash, what it signed with before.

    Keys live in the emulator's memory until it is stopped; of those that AWS keeps none is lost.
    """
    give = keys._set_asymmetric_material  # noqa: SLF001
    if list(inspect.signature(give).parameters) != ["rec", "private_key"]:
        raise PatchError("the emulator makes keys otherwise")

    def give_kept(rec: dict[str, Any], private_key: Any) -> None:  # noqa: ANN401 - of any kind
        if rec.get("KeyUsage") != "SIGN_VERIFY" or not rec.get("Description"):
            give(rec, private_key)
            return
        said = f"{rec['KeySpec']}\n{rec['Description']}"
        path = folder / f"{hashlib.sha256(said.encode()).hexdigest()}.pem"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            )
        give(rec, load_pem_private_key(path.read_bytes(), password=None))

    keys._set_asymmetric_material = give_kept  # noqa: SLF001
