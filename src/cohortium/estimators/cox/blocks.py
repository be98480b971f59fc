"""Work over blocks of rows, with one BLAS thread when there are many rows.

Products of 8,000 x p pieces are too small to be shared: BLAS's own threads wait for each other, on a busy machine
four times as long as one thread needs for all. Threads of ours over the blocks lost more to the interpreter's lock
than they won.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MANY_ROWS = 50_000
_ONE_AT_A_TIME = Lock()
"""The limit on BLAS threads belongs to the process: two fits at once would restore each other's."""

Block = TypeVar("Block")
Result = TypeVar("Result")


def over_blocks(work: Callable[[Block], Result], blocks: Sequence[Block], n_rows: int) -> list[Result]:
    """Results of `work` in block order."""
    if n_rows < MANY_ROWS:
        return [work(block) for block in blocks]
    from threadpoolctl import threadpool_limits

    with _ONE_AT_A_TIME, threadpool_limits(limits=1, user_api="blas"):
        return [work(block) for block in blocks]
