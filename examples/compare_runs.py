"""Compare two results directories: the results table must be the same, byte for byte."""

from __future__ import annotations

import sys
from pathlib import Path

TABLE = "results.csv"


def main() -> int:
    """Return 0 when the two results tables are equal, 1 with the first differing line otherwise."""
    first, second = (Path(argument) / TABLE for argument in sys.argv[1:3])
    ours, theirs = first.read_bytes(), second.read_bytes()
    if ours == theirs:
        n_statistics = len(ours.splitlines()) - 1
        print(f"Equal: {first} and {second} ({n_statistics} statistics)")
        return 0
    lines = zip(ours.splitlines(), theirs.splitlines(), strict=False)
    number = next((i for i, (a, b) in enumerate(lines, start=1) if a != b), "the end")
    print(f"DIFFERENT: {first} and {second} differ first at line {number}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
