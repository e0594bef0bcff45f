"""
Import the AWS bindings one submodule at a time.

The package's own `__init__` imports all 2,213 of them. Here it is not run: the package
begins empty, and a submodule is imported when it is named.
"""

import ast
import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType

from bindings.layout import PACKAGE, InstalledBindings


class SubmoduleFinder(MetaPathFinder):
    """
    Find the package without what its `__init__` imports, and tell what is imported.

    Args:
        bindings: the installed bindings.
        include: called with a submodule's name before it is imported.
        loader: loads generated modules. Defaults to Python's own loader.
    """

    def __init__(
        self,
        bindings: InstalledBindings,
        include: Callable[[str], None],
        loader: type[SourceFileLoader] | None = None,
    ) -> None:
        self._bindings = bindings
        self._include = include
        self._loader = loader

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """
        Return the spec of the package or of a generated module.
        """
        package, _, submodule = fullname.partition(".")
        if fullname == PACKAGE:
            spec = PathFinder.find_spec(PACKAGE)
            if spec:
                spec.loader = _EmptyPackage(self._bindings)
            return spec
        if package == PACKAGE and self._bindings.has(submodule):
            self._include(submodule)
            return self._generated(fullname, path)
        return self._generated(fullname, path) if fullname == "cdktf" else None

    def _generated(self, name: str, path: Sequence[str] | None) -> ModuleSpec | None:
        if self._loader is None:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = self._loader(spec.loader.name, spec.loader.path)
        return spec


class _EmptyPackage(Loader):
    def __init__(self, bindings: InstalledBindings) -> None:
        self._bindings = bindings

    def create_module(self, spec: ModuleSpec) -> None:  # noqa: ARG002
        return None

    def exec_module(self, module: ModuleType) -> None:
        def find_attribute(name: str) -> object:
            if name == "__all__":
                return sorted(self._bindings.submodules)
            if self._bindings.has(name):
                return importlib.import_module(f"{PACKAGE}.{name}")
            raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}")

        def list_attributes() -> list[str]:
            return sorted({*vars(module), *self._bindings.submodules})

        vars(module)["__getattr__"] = find_attribute
        vars(module)["__dir__"] = list_attributes


def install_finder(finder: SubmoduleFinder) -> None:
    """
    Let the finder answer before Python's own.
    """
    sys.meta_path.insert(0, finder)


def imported_submodules(file: Path) -> frozenset[str]:
    """
    Return the submodules of the bindings that a Python file imports.
    """
    tree = ast.parse(file.read_bytes(), str(file))
    names = (name for node in ast.walk(tree) for name in _imported_names(node))
    parts = (name.split(".") for name in names)
    return frozenset(
        part[1] for part in parts if part[0] == PACKAGE and part[1:] not in ([], ["*"])
    )


def _imported_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
