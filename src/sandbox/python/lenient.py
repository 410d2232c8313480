"""Limits that programs raise for themselves, as contest programs do: the call is granted as far as the sandbox can.

Judges leave these limits open and measure what is used. Here they are closed, and a program must not fail for asking.
"""

from __future__ import annotations

import _thread
import resource
import sys
from typing import Any, Callable

_set, _get, _infinity = resource.setrlimit, resource.getrlimit, resource.RLIM_INFINITY
_set_stack_size: Callable[..., int] = _thread.stack_size
#: Address space is what the sandbox limits, and a stack takes all of its own at once: this much of the memory is for one.
STACK_SHARE = 2


def grant(memory_bytes: int) -> None:
    """Makes `resource.setrlimit` and `threading.stack_size` of this process take less where they would get nothing."""
    most = memory_bytes // STACK_SHARE

    def setrlimit(which: int, limits: Any) -> None:
        try:
            _set(which, limits)
        except ValueError:
            soft, hard = limits
            limit = _get(which)[1]
            _set(which, (_lower(soft, limit), _lower(hard, limit)))

    def stack_size(size: int = 0) -> int:
        return _set_stack_size(min(size, most)) if size > 0 else _set_stack_size(size)

    resource.setrlimit = setrlimit
    for module in (_thread, sys.modules.get("threading")):
        if module is not None:
            module.stack_size = stack_size  # type: ignore[attr-defined]


def _lower(wanted: int, limit: int) -> int:
    if limit == _infinity:
        return wanted
    return limit if wanted == _infinity or wanted < 0 else min(wanted, limit)
