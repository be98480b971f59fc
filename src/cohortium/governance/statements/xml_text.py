"""Characters that XML may hold."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def allowed(text: str) -> str:
    """The text with the replacement character for what XML may not hold."""
    return _FORBIDDEN.sub("\ufffd", text)
