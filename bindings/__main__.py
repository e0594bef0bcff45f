"""
Show or clear what is cached: `python -m bindings --help`.
"""

import argparse
import os
import sys

from bindings.activation import LEVEL_VARIABLE, Level
from bindings.cache import FOLDER_VARIABLE, Cache, CacheError, cache_folder

EPILOG = f"""\
{FOLDER_VARIABLE}   the cache folder. Defaults to cdktf-bindings in XDG_CACHE_HOME,
                         else in ~/.cache.
{LEVEL_VARIABLE}         {", ".join(Level)}: how the bindings are loaded, stock
                         meaning without any of this. Defaults to {list(Level)[-1]}.
"""


def show(cache: Cache) -> None:
    """
    Print each slim assembly, how much else there is, and the size of all.
    """
    others = [path.stat().st_size for path in cache.others()]
    total = sum(others)
    for entry in cache.entries():
        total += entry.size
        state = "" if entry.sound else "  damaged, is built again when needed"
        print(f"{entry.size / 1024:8.0f} KiB  {entry.path.name}{state}")  # noqa: T201
    if others:
        print(f"{sum(others) / 1024:8.0f} KiB  in {len(others)} other files")  # noqa: T201
    print(f"{total / 1024:8.0f} KiB  in {cache.folder}")  # noqa: T201


def main() -> int:
    """
    Run the command line.
    """
    parser = argparse.ArgumentParser(
        prog="python -m bindings",
        description="Show what is cached to load the AWS bindings quickly.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=["show", "clear"],
        default="show",
        help="show what is cached, or delete it. Defaults to show.",
    )
    command = parser.parse_args().command
    cache = Cache(cache_folder(os.environ))
    try:
        if command == "show":
            show(cache)
        else:
            print(f"cleared {cache.clear()} from {cache.folder}")  # noqa: T201
    except (CacheError, OSError) as error:
        print(f"error: {cache.folder} {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
