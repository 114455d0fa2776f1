"""Read a cloud assembly: its stacks in the order they need each other, and their code.

A local assembly names the folders its code stands in instead of carrying copies; what they hold
now is what is deployed, under the hash of what they hold now.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from infra.local.clients import ACCOUNT
from infra.local.packing import content_hash
from infra.local.surroundings import REGION

ASSETS_BUCKET = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"


@dataclass(frozen=True, kw_only=True)
class CodeAsset:
    """A folder of code, and the key under which its stack finds it packed."""

    folder: Path
    key: str


@dataclass(frozen=True, kw_only=True)
class StackTemplate:
    """A stack as it is to be deployed: its template's text and key, its code, what it needs."""

    name: str
    text: str
    key: str
    assets: tuple[CodeAsset, ...]
    needs: frozenset[str]

    def resources(self) -> dict[str, dict[str, Any]]:
        """Return the template's resources by their logical ids."""
        found: dict[str, dict[str, Any]] = json.loads(self.text)["Resources"]
        return found


def read_stacks(folder: Path) -> list[StackTemplate]:
    """Return the stacks of the assembly in `folder`, with the code that stands now."""
    artifacts = json.loads((folder / "manifest.json").read_text())["artifacts"]
    names = {
        artifact: described["properties"]["stackName"]
        for artifact, described in artifacts.items()
        if described["type"] == "aws:cloudformation:stack"
    }
    hash_once = cache(content_hash)
    return [
        _read_stack(folder, artifact, artifacts[artifact], names, hash_once) for artifact in names
    ]


def _read_stack(
    folder: Path,
    artifact: str,
    described: dict[str, Any],
    names: dict[str, str],
    hash_of: Callable[[Path], str],
) -> StackTemplate:
    text = (folder / described["properties"]["templateFile"]).read_text()
    files = json.loads((folder / f"{artifact}.assets.json").read_text())["files"]
    assets = []
    for synthesized, file in files.items():
        if file["source"]["packaging"] == "zip":
            code = folder / file["source"]["path"]
            assets.append(CodeAsset(folder=code, key=f"{hash_of(code)}.zip"))
            # Synthesized under a hash of the folder's place, deployed under that of its content.
            text = text.replace(f"{synthesized}.zip", assets[-1].key)
    return StackTemplate(
        name=names[artifact],
        text=text,
        key=f"{hashlib.sha256(text.encode()).hexdigest()}.json",
        assets=tuple(assets),
        needs=frozenset(names[each] for each in described["dependencies"] if each in names),
    )


def in_waves(stacks: list[StackTemplate]) -> list[list[StackTemplate]]:
    """Return the stacks in waves, each needing only earlier ones."""
    waves: list[list[StackTemplate]] = []
    stand: set[str] = set()
    waiting = list(stacks)
    while waiting:
        wave = [stack for stack in waiting if stack.needs <= stand]
        waves.append(wave)
        stand |= {stack.name for stack in wave}
        waiting = [stack for stack in waiting if stack not in wave]
    return waves
