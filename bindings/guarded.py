"""
Private means, used only with the version of jsii on which they were tried.

docs/fast-synth.md says what each of them gains.
"""

import functools
import importlib.metadata
import os
import typing
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any

import jsii
from jsii._kernel.providers.process import _NodeProcess


class WaitingProvider:
    """
    Stand in for the kernel's provider, and wait when it is used.

    Args:
        provider: what answers.
        wait: called before each request.
    """

    def __init__(self, provider: object, wait: Callable[[], None]) -> None:
        self._provider = provider
        self._wait = wait

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        self._wait()
        return getattr(self._provider, name)


def hold_requests(wait: Callable[[], None]) -> Callable[[], None]:
    """
    Wait before each request to the kernel until the function returned is called.
    """
    kernel: Any = jsii.kernel
    provider = kernel.provider
    kernel.provider = WaitingProvider(provider, wait)

    def release() -> None:
        kernel.provider = provider

    return release


def start_without_copies() -> None:
    """
    Spare jsii the copies of its own program that it makes before it starts another.

    It makes them in a temporary folder even where `JSII_RUNTIME` names the program.
    """
    copy = _NodeProcess._jsii_runtime  # noqa: SLF001

    def runtime(process: Any) -> str:  # noqa: ANN401
        return os.environ.get("JSII_RUNTIME") or copy(process)

    setattr(_NodeProcess, "_jsii_runtime", runtime)  # noqa: B010


class HintedLoader(SourceFileLoader):
    """
    Load a generated module so that checking arguments takes less.

    For each argument of each construct that is made, it resolves the same hints again,
    and asks typeguard about values that are absent. Each module asks again which
    version of typeguard there is.
    """

    def exec_module(self, module: ModuleType) -> None:
        ask = importlib.metadata.version
        importlib.metadata.version = _version
        try:
            super().exec_module(module)
        finally:
            importlib.metadata.version = ask
        names = vars(module)
        names["typing"] = _TYPING
        if "check_type" in names:
            names["check_type"] = _check_present(names["check_type"])


def _check_present(check_type: Callable[..., Any]) -> Callable[..., Any]:
    """
    Return a check that lets what is absent pass where it may be absent.
    """

    def check(argname: str, value: object, expected_type: Any) -> Any:  # noqa: ANN401
        if value is None and _NONE in getattr(expected_type, "__args__", ()):
            return None
        return check_type(
            argname=argname, value=value, expected_type=expected_type
        )

    return check


_NONE = type(None)
_version = functools.cache(importlib.metadata.version)


def _remember_hints() -> ModuleType:
    known: dict[Any, dict[str, Any]] = {}

    def get_type_hints(function: Any) -> dict[str, Any]:  # noqa: ANN401
        if function not in known:
            known[function] = typing.get_type_hints(function)
        return known[function]

    module = ModuleType(typing.__name__, typing.__doc__)
    vars(module).update(vars(typing), get_type_hints=get_type_hints)
    return module


_TYPING = _remember_hints()
