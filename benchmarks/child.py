"""The process in which one function is measured: ``benchmarks.child MODULE:NAME JSON``."""

import importlib
import json
import sys

from benchmarks.peak import peak_memory


def main() -> None:
    """Call the function, and print its result and the peak memory as the last line."""
    place, arguments = sys.argv[1:]
    module, _, name = place.partition(":")
    result = getattr(importlib.import_module(module), name)(**json.loads(arguments))
    print(json.dumps({"result": result, "peak": peak_memory()}))


if __name__ == "__main__":
    main()
