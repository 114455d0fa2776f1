"""What can keep the platform from standing, each in one sentence.

PlatformError
├── NotUpError          nothing answers in this home
├── EmulatorError       the embedded AWS did not start, hangs, or died
├── AssemblyError       the stacks could not be synthesized
└── DeployError         a stack could not be deployed
"""

DIED = "the embedded AWS died under this command: run it again"
HANGS = "the embedded AWS hangs: run backoffice up"


class PlatformError(Exception):
    """The platform cannot do what was asked; the message is one sentence for a person."""


class NotUpError(PlatformError):
    """Nothing answers in this home."""


class EmulatorError(PlatformError):
    """The embedded AWS did not start, hangs, or died."""


class AssemblyError(PlatformError):
    """The stacks could not be synthesized."""


class DeployError(PlatformError):
    """A stack could not be deployed."""
