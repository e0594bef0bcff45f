"""
Find the installed AWS bindings and recognise how they are laid out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import PathFinder
from pathlib import Path

PACKAGE = "cdktf_cdktf_provider_aws"
ASSEMBLY = "@cdktf/provider-aws"

# The order in which the kernel must load them.
PACKAGES = ("constructs", "cdktf", PACKAGE)

LOAD = re.compile(
    r'jsii\.JSIIAssembly\.load\(\s*"([^"]+)",\s*"([^"]+)",\s*'
    r'__name__\[0:-6\],\s*"([^"]+)"'
)
JSII_TYPE = re.compile(rf'jsii_type="{re.escape(ASSEMBLY)}\.(\w+)\.\w+"')


class LayoutError(Exception):
    """
    Say what of the installed packages is not as this package knows it.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """
    A jsii assembly as a Python package ships it.

    Args:
        name: the npm name.
        version: the npm version.
        path: the tarball.
    """

    name: str
    version: str
    path: Path


@dataclass(frozen=True)
class InstalledBindings:
    """
    The installed AWS bindings, read without importing them.

    Args:
        directory: the folder of the Python package.
        assembly: its jsii assembly.
    """

    directory: Path
    assembly: Assembly

    @cached_property
    def submodules(self) -> frozenset[str]:
        """
        The names of all its submodules, one per Terraform type.
        """
        entries = (path for path in self.directory.iterdir() if path.is_dir())
        return frozenset(e.name for e in entries if not e.name.startswith("_"))

    def has(self, submodule: str) -> bool:
        """
        Tell whether there is a submodule of this name.
        """
        file = self.directory / submodule / "__init__.py"
        return not submodule.startswith("_") and file.is_file()

    def assembly_submodules(self, submodules: Iterable[str]) -> frozenset[bytes]:
        """
        Return the names that the assembly has for Python submodules.

        Raises `LayoutError` for generated code that names no type.
        """
        found: set[bytes] = set()
        for submodule in submodules:
            file = self.directory / submodule / "__init__.py"
            names = set(JSII_TYPE.findall(file.read_text(encoding="utf-8")))
            if len(names) != 1:
                raise LayoutError(f"{submodule} defines types of {sorted(names)}")
            found |= {name.encode() for name in names}
        return frozenset(found)


def find_assembly(package: str) -> Assembly:
    """
    Read which assembly a Python package gives to the kernel.

    Raises `LayoutError` for a package that is absent or says it in another way.
    """
    spec = PathFinder.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LayoutError(f"{package} is not an installed package")
    directory = Path(next(iter(spec.submodule_search_locations)), "_jsii")
    try:
        source = (directory / "__init__.py").read_text(encoding="utf-8")
    except OSError as error:
        raise LayoutError(f"{package} has no readable _jsii module") from error
    match = LOAD.search(source)
    if match is None:
        raise LayoutError(f"{package}._jsii does not load an assembly")
    name, version, file = match.groups()
    return Assembly(name=name, version=version, path=directory / file)


def find_bindings() -> InstalledBindings:
    """
    Find the installed AWS bindings.

    Raises `LayoutError` when they are absent or not as this package knows them.
    """
    assembly = find_assembly(PACKAGE)
    if assembly.name != ASSEMBLY or not assembly.path.is_file():
        raise LayoutError(f"{PACKAGE} does not ship {ASSEMBLY}")
    return InstalledBindings(assembly.path.parent.parent, assembly)
