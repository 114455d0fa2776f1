"""Lambda layers: the domain, and the third-party packages beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.blocks.code import code_of
from infra.stages import Stage

ARCHITECTURE = lambda_.Architecture.ARM_64
RUNTIME = lambda_.Runtime.PYTHON_3_13
DOMAIN_LAYER = "backoffice"


class Layers(Construct):
    """The layers one stack's functions share.

    A stack has layer versions of its own: a version shared by export could never be replaced
    while another stack still imports it.

    Parameters
    ----------
    folders
        The folder of each layer by its name; the domain's among them.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: Stage, folders: Mapping[str, Path]
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._folders = folders
        self._made: dict[str, lambda_.LayerVersion] = {}

    def of(self, names: Sequence[str]) -> list[lambda_.LayerVersion]:
        """Return the layer versions of `names`, the domain's first."""
        return [self._version(name) for name in (DOMAIN_LAYER, *names)]

    def _version(self, name: str) -> lambda_.LayerVersion:
        if name not in self._made:
            self._made[name] = lambda_.LayerVersion(
                self,
                name.title(),
                code=code_of(self._folders[name], self._stage),
                compatible_runtimes=[RUNTIME],
                compatible_architectures=[ARCHITECTURE],
            )
        return self._made[name]
