"""Every function and the layers it has, as the stacks say.

`python -m bench.inputs.function_folders` prints, as its last line, a JSON object whose `functions`
each have a name, a folder and layers.
"""

from bench.measuring.inside import say
from infra.stacks import CAPABILITIES

if __name__ == "__main__":
    functions = [
        {"name": spec.name, "folder": str(spec.folder), "layers": list(spec.layers)}
        for specs in CAPABILITIES.values()
        for spec in specs
    ]
    say({"functions": functions})
