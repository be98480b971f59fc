"""Work over blocks of rows on a few threads, each with one BLAS thread, when there are many rows.

Products of a block are too small to be shared: BLAS's own threads wait for each other, on a busy machine four times
as long as one thread needs for all. Threads over the blocks win as long as the work runs in calls that release the
interpreter's lock: elementwise functions, sorts, `np.take`, `np.dot` and sparse products do, while the operator `@`
holds it during a product of two matrices.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from threadpoolctl import ThreadpoolController

MANY_ROWS = 50_000
MOST_THREADS = 4
"""More threads would wait for the interpreter's lock."""
_ONE_AT_A_TIME = Lock()
"""The limit on BLAS threads belongs to the process: two fits at once would restore each other's."""

Block = TypeVar("Block")
Result = TypeVar("Result")


def over_blocks(work: Callable[[Block], Result], blocks: Sequence[Block], n_rows: int) -> list[Result]:
    """Results of `work` in block order."""
    if n_rows < MANY_ROWS:
        return [work(block) for block in blocks]
    threads = min(os.cpu_count() or 1, MOST_THREADS, len(blocks))
    left = deque(range(len(blocks)))
    done: dict[int, Result] = {}

    def take() -> None:
        while left:
            try:
                at = left.popleft()
            except IndexError:
                return
            done[at] = work(blocks[at])

    with (
        _ONE_AT_A_TIME,
        _controller().limit(limits=1, user_api="blas"),
        ThreadPoolExecutor(max(threads - 1, 1)) as pool,
    ):
        others = [pool.submit(take) for _ in range(threads - 1)]
        take()
        for other in others:
            other.result()
    return [done[at] for at in range(len(blocks))]


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    """The BLAS libraries of the process; finding them takes a millisecond."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
