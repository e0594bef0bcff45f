"""
Private means, used only with the version of jsii on which they were tried.

docs/fast-synth.md says what each of them gains.
"""

import typing
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any

import jsii


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


class HintedLoader(SourceFileLoader):
    """
    Load a generated module so that it resolves the hints of a function only once.

    Each construct that is made resolves the same hints again, to check its arguments.
    """

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        vars(module)["typing"] = _TYPING


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
