"""Work over blocks of rows, with one BLAS thread when there are many rows.

Products of 8,000 x p pieces are too small to be shared: BLAS's own threads wait for each other, on a busy machine
four times as long as one thread needs for all. Threads of ours over the blocks lost more to the interpreter's lock
than they won.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from threadpoolctl import ThreadpoolController

MANY_ROWS = 50_000
_ONE_AT_A_TIME = Lock()
"""The limit on BLAS threads belongs to the process: two fits at once would restore each other's."""

Block = TypeVar("Block")
Result = TypeVar("Result")


def over_blocks(work: Callable[[Block], Result], blocks: Iterable[Block], n_rows: int) -> list[Result]:
    """Results of `work` in block order."""
    if n_rows < MANY_ROWS:
        return [work(block) for block in blocks]
    with _ONE_AT_A_TIME, _controller().limit(limits=1, user_api="blas"):
        return [work(block) for block in blocks]


@cache
def _controller() -> ThreadpoolController:
    """Found once: looking for the loaded libraries takes as long as a pass over a hundred thousand rows."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
