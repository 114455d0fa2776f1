"""A signing key of the embedded AWS is what it was after its memory is lost."""

import subprocess
import sys
from pathlib import Path

_MAKE = """
import sys
from pathlib import Path
from infra.local import patches
patches.apply(Path(sys.argv[1]))
import json
from ministack.services import kms
made = json.loads(kms._create_key({
    "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY", "Description": sys.argv[2],
})[2])
print(json.loads(kms._get_public_key(made["KeyMetadata"])[2])["PublicKey"])
"""


def _public_key(folder: Path, description: str) -> str:
    command = [sys.executable, "-c", _MAKE, str(folder), description]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def test_a_signing_key_made_again_is_the_same_and_another_is_another(tmp_path: Path) -> None:
    first = _public_key(tmp_path, "Signs seals.")
    assert _public_key(tmp_path, "Signs seals.") == first
    assert _public_key(tmp_path, "Signs something else.") != first
    assert _public_key(tmp_path / "another home", "Signs seals.") != first
