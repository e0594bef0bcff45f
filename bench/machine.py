"""
Say on what machine and with which versions a run was made.
"""

import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from bench.peers import AWS_CDK_PYTHON

GIBIBYTE = 2**30


def describe_machine(today: date) -> list[str]:
    """
    Return the lines: date and hardware, then versions.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIBIBYTE
    cores = len(os.sched_getaffinity(0))
    node = subprocess.check_output(("node", "--version"), text=True)  # noqa: S607
    hardware = (
        f"{today.isoformat()}: {cpu_model(Path('/proc/cpuinfo'))}, {cores} cores, "
        f"{memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"load {os.getloadavg()[0]:.1f} at the start."
    )
    packages = ", ".join(
        f"{name} {version(name)}"
        for name in ("cdktf", "cdktf-cdktf-provider-aws", "jsii")
    )
    requirements = AWS_CDK_PYTHON.source("requirements.txt").read_text("utf-8")
    cdk = pinned_version("aws-cdk-lib", requirements.splitlines())
    versions = (
        f"Python {platform.python_version()}, Node {node.strip()[1:]}, {packages}, "
        f"aws-cdk-lib {cdk}."
    )
    return [hardware, versions]


def cpu_model(file: Path) -> str:
    """
    Return the processor's name as Linux tells it.

    Source: https://man7.org/linux/man-pages/man5/proc_cpuinfo.5.html
    """
    for line in file.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return " ".join(value.split())
    return f"an unnamed {platform.machine()} processor"


def pinned_version(name: str, requirements: Iterable[str]) -> str:
    """
    Return the version of a package in the lines of a requirements file.
    """
    pins = dict(line.strip().split("==") for line in requirements)
    return pins[name]
