"""Work over blocks of rows, with threads when there are many rows."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

THREADS_FROM_ROWS = 100_000
_MOST_THREADS = 8
_ONE_AT_A_TIME = Lock()
"""The limit on BLAS threads belongs to the process: two fits at once would restore each other's."""

Block = TypeVar("Block")
Result = TypeVar("Result")


def over_blocks(work: Callable[[Block], Result], blocks: Sequence[Block], n_rows: int) -> list[Result]:
    """Results of `work` in block order; a thread a core with single-threaded BLAS when there are many rows.

    Threads change the speed and nothing else: every block's result is the same, and they are added in order.
    """
    if n_rows < THREADS_FROM_ROWS:
        return [work(block) for block in blocks]
    from threadpoolctl import threadpool_limits

    with (
        _ONE_AT_A_TIME,
        threadpool_limits(limits=1, user_api="blas"),
        ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS)) as pool,
    ):
        return list(pool.map(work, blocks))
