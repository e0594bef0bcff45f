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

import jsii._kernel.providers.process

from bindings.ahead import EarlyNode


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


def spare(early: EarlyNode | None) -> None:
    """
    Take out of jsii's way what a synth does not need.

    Args:
        early: a Node process that jsii may have when it would start one. Defaults to
            none.
    """
    if early:
        early.give_to(jsii._kernel.providers.process)  # noqa: SLF001
    _start_without_copies()
    _send_plain_values()
    _read_structs_at_once()


def _start_without_copies() -> None:
    """
    Spare jsii the copies of its own program that it makes before it starts another.

    It makes them in a temporary folder even where `JSII_RUNTIME` names the program.
    """
    node_process = _node_process()
    copy = node_process._jsii_runtime  # noqa: SLF001

    def runtime(process: Any) -> str:  # noqa: ANN401
        return os.environ.get("JSII_RUNTIME") or copy(process)

    node_process._jsii_runtime = runtime  # noqa: SLF001


def _send_plain_values() -> None:
    """
    Let what JSON has a form for go to the kernel without asking cattrs about each part.
    """
    node_process = _node_process()
    begin = node_process.__init__

    def __init__(process: Any) -> None:  # noqa: ANN401, N807
        begin(process)
        serializer = process._serializer  # noqa: SLF001
        unstructure = serializer.unstructure

        def plain(value: Any) -> Any:  # noqa: ANN401
            kind: type[object] = type(value)  # pyright: ignore[reportUnknownVariableType]
            if kind in _PLAIN:
                return value
            if kind is list:
                return [plain(item) for item in value]
            if kind is dict:
                return {key: plain(item) for key, item in value.items()}
            return unstructure(value)

        serializer.register_unstructure_hook_func(_ARGUMENTS.__contains__, plain)

    node_process.__init__ = __init__


def _read_structs_at_once() -> None:
    """
    Take what a struct holds from where its properties find it, not one by one.
    """
    kernel: Any = jsii._kernel  # noqa: SLF001
    refer_to_object = kernel._make_reference_for_native  # noqa: SLF001

    def refer(target: Any, value: Any) -> Any:  # noqa: ANN401
        kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
        if kind in _PLAIN:
            return value
        # A class that somebody derived may have properties of its own.
        if (names := vars(kind).get("__jsii_name_mapping__")) is None:
            return refer_to_object(target, value)
        held = value._values  # noqa: SLF001
        data = {name: refer(target, held.get(key)) for key, name in names.items()}
        return {"$jsii.struct": {"fqn": kind.__jsii_type__, "data": data}}

    kernel._make_reference_for_native = refer  # noqa: SLF001


def _node_process() -> Any:  # noqa: ANN401
    provider: Any = jsii._kernel.providers.process  # noqa: SLF001
    return provider._NodeProcess  # noqa: SLF001


_PLAIN = frozenset({str, bool, int, float, type(None)})
# How the requests of jsii declare what they carry.
_ARGUMENTS = (list[Any], typing.List[Any], typing.Optional[typing.List[Any]])  # noqa: UP006, UP045


class HintedLoader(SourceFileLoader):
    """
    Load a generated module so that checking arguments takes less.

    For each argument of each construct that is made, it resolves the same hints again,
    and asks typeguard even about text and what is absent. Each module asks again which
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
            names["check_type"] = _check_unless_plain(names["check_type"])


def _check_unless_plain(check_type: Callable[..., Any]) -> Callable[..., Any]:
    """
    Return a check that asks typeguard only where a look at the class is not enough.
    """

    def check(argname: str, value: object, expected_type: Any) -> Any:  # noqa: ANN401
        kind = type(value)
        if kind is expected_type or (
            getattr(expected_type, "__origin__", None) is typing.Union
            and kind in expected_type.__args__
        ):
            return None
        return check_type(argname=argname, value=value, expected_type=expected_type)

    return check


_version = functools.cache(importlib.metadata.version)


class _UnusedType:
    """
    Stand for a type that a generated function names in `typing.cast`, which ignores it.

    Python would make `typing.Optional[...]` anew for each property that is read.
    """

    def __getitem__(self, _: object) -> "_UnusedType":
        return self


# What generated functions subscript; the annotations are made before.
_SUBSCRIPTED = ("Dict", "List", "Mapping", "Optional", "Sequence", "Union")


def _typing_of_functions() -> ModuleType:
    known: dict[Any, dict[str, Any]] = {}

    def get_type_hints(function: Any) -> dict[str, Any]:  # noqa: ANN401
        if function not in known:
            names = {**function.__globals__, "typing": typing}
            known[function] = typing.get_type_hints(function, names)
        return known[function]

    module = ModuleType(typing.__name__, typing.__doc__)
    vars(module).update(vars(typing), get_type_hints=get_type_hints)
    vars(module).update(dict.fromkeys(_SUBSCRIPTED, _UnusedType()))
    return module


_TYPING = _typing_of_functions()
