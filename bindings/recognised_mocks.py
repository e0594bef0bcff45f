"""
Import typeguard, which checks the arguments of generated classes, without asyncio.

It imports `unittest.mock`, and with that asyncio, to let mocks pass every check.
"""

import importlib
import sys
from contextlib import suppress
from types import ModuleType

MOCKS = "unittest.mock"


class _RecognisesMocks(type):
    def __instancecheck__(cls, instance: object) -> bool:
        # Nobody has a mock before the module is imported.
        module = sys.modules.get(MOCKS)
        return module is not None and isinstance(instance, module.Mock)


class Mock(metaclass=_RecognisesMocks):
    """
    Stand in for `unittest.mock.Mock` in `isinstance`.
    """


def import_typeguard() -> None:
    """
    Import typeguard; what it knows as `Mock` is this module's, unless mocks are in use.
    """
    if MOCKS in sys.modules:
        return
    stand_in = ModuleType(MOCKS)
    vars(stand_in)["Mock"] = Mock
    sys.modules[MOCKS] = stand_in
    try:
        # Where it is absent, who needs it says so.
        with suppress(ImportError):
            importlib.import_module("typeguard")
    finally:
        del sys.modules[MOCKS]
