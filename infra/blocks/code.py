"""Folders of code as functions and layers carry them."""

import hashlib
from pathlib import Path

from aws_cdk import AssetHashType, IgnoreMode, SymlinkFollowMode
from aws_cdk import aws_lambda as lambda_

from infra.stages import LayerSource, Stage

_UNWANTED = ["**/__pycache__", "**/*.pyc", "**/.*"]


def code_of(folder: Path, stage: Stage) -> lambda_.Code:
    """Return the code in `folder`.

    On this machine it is known by where it stands, not by what it holds: the same assembly
    then serves whatever the folder holds when it is deployed.
    """
    if stage.layer_source is LayerSource.THIS_MACHINE:
        place = hashlib.sha256(str(folder).encode()).hexdigest()
        return lambda_.Code.from_asset(
            str(folder), asset_hash=place, asset_hash_type=AssetHashType.CUSTOM
        )
    return lambda_.Code.from_asset(
        str(folder),
        exclude=_UNWANTED,
        ignore_mode=IgnoreMode.GLOB,
        # The rulebook is a link in the domain's package; it travels as files.
        follow_symlinks=SymlinkFollowMode.ALWAYS,
    )
