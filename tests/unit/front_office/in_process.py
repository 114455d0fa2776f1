"""A Lambda client whose functions are run here: their real handlers, by what JSON carries."""

import io
import json
from typing import Any

from tests.handlers import load_handler


class InProcess:
    """Stands where `Wiring.lambdas` does; a function is named by its folder."""

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - of boto3
        """Run a function and hand over what it returns."""
        returned = load_handler(FunctionName).main(json.loads(Payload), None)
        return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(returned).encode())}
