"""
Run the variants: prepared once, then in turn, round after round.
"""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.inputs import Input, write_input, write_peer_inputs
from bench.measurement import Measurement, measure
from bench.peers import AWS_CDK_PYTHON, CDKTF_JAVASCRIPT, install, is_installed
from bench.progress import Progress
from bench.resource_counts import (
    cloudformation_equal,
    cloudformation_resources,
    differences,
    terraform_resources,
)
from bench.variants import WARMING_SECONDS, Variant, estimated_seconds
from modules.errors import ConfigError

PROJECT = Path(__file__).parent.parent
PEERS = {peer.name: peer for peer in (CDKTF_JAVASCRIPT, AWS_CDK_PYTHON)}
DEV = "dev"
# Of the caller's variables only these reach what is measured.
KEPT_VARIABLES = ("PATH", "JSII_NODE", "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION")


@dataclass(slots=True, kw_only=True)
class Bench:
    """
    Hold what the variants run on.

    Args:
        folder: where inputs, outputs, homes and logs of this run go.
        peers: where the peers' packages are kept.
        variants: what is measured.
    """

    folder: Path
    peers: Path
    variants: Sequence[Variant]
    _inputs: dict[str, Input] = field(default_factory=dict[str, Input], init=False)

    def peers_to_install(self) -> list[str]:
        """
        Return the names of the peers whose packages are missing or of another version.
        """
        names = dict.fromkeys(variant.app for variant in self.variants)
        return [
            name
            for name in names
            if name in PEERS and not is_installed(PEERS[name], self.peers / name)
        ]

    def estimated_seconds(self, rounds: int) -> float:
        """
        Return how long everything takes, from the first installation to the last run.
        """
        installing = sum(
            PEERS[name].install_seconds for name in self.peers_to_install()
        )
        measuring = estimated_seconds(self.variants, rounds)
        return installing + WARMING_SECONDS + measuring

    def steps(self, rounds: int) -> int:
        """
        Return how many steps the progress has.
        """
        warm = sum(not variant.is_cold for variant in self.variants)
        return len(self.peers_to_install()) + 1 + warm + rounds * len(self.variants)

    def prepare(self, progress: Progress) -> None:
        """
        Install the peers, write the inputs, and run each warm variant once.

        Raises:
            ConfigError: an installation or a run failed.
        """
        for name in self.peers_to_install():
            peer = PEERS[name]
            with progress.step(f"install   {name}", estimated=peer.install_seconds):
                install(peer, self.peers / name, environ=os.environ)
        with progress.step("inputs", estimated=WARMING_SECONDS):
            self._write_inputs()
        for variant in self.variants:
            if not variant.is_cold:
                estimated = WARMING_SECONDS + variant.seconds
                with progress.step(f"warm up   {variant.name}", estimated=estimated):
                    self.run(variant)

    def measure(self, rounds: int, progress: Progress) -> dict[str, list[Measurement]]:
        """
        Return each variant's runs: A B A B, so that all meet the same disturbances.
        """
        runs: dict[str, list[Measurement]] = {
            variant.name: [] for variant in self.variants
        }
        for number in range(1, rounds + 1):
            for variant in self.variants:
                what = f"round {number:<3} {variant.name}"
                with progress.step(what, estimated=variant.seconds):
                    runs[variant.name].append(self.run(variant))
        return runs

    def run(self, variant: Variant) -> Measurement:
        """
        Run a variant once.

        Raises:
            ConfigError: it failed, or did not define what it should.
        """
        output = self._output(variant)
        home = self.folder / "home" / variant.home
        for folder in (output, home) if variant.is_cold else (output,):
            shutil.rmtree(folder, ignore_errors=True)
        for folder in (output, home / "tmp"):
            folder.mkdir(parents=True, exist_ok=True)
        run = measure(
            self._command(variant),
            label=variant.name,
            directory=PROJECT,
            environ=self._environ(variant, home),
            log=self.folder / f"{variant.name}.log",
        )
        self._check(variant)
        if variant.is_cold:
            shutil.rmtree(home)
        return run

    def _write_inputs(self) -> None:
        for name in {variant.input for variant in self.variants} - {DEV}:
            self._inputs[name] = write_input(name, self.folder / "inputs" / name)
        write_peer_inputs(self.folder / "dev.json")
        self._inputs[DEV] = Input(
            selection=DEV, count=terraform_resources, expected=None
        )
        reference = Variant(name=DEV, description="", seconds=0)
        self.run(reference)
        self._inputs[DEV] = Input(
            selection=DEV,
            count=terraform_resources,
            expected=terraform_resources(self._output(reference)),
        )

    def _check(self, variant: Variant) -> None:
        """
        Compare what a run defined with what its input stands for.
        """
        given = self._inputs[variant.input]
        expected, actual = given.expected, given.count(self._output(variant))
        if expected is None:
            return
        if variant.app == AWS_CDK_PYTHON.name:
            expected = cloudformation_equal(expected)
            actual = cloudformation_resources(self._output(variant))
        problems = differences(variant.name, expected=expected, actual=actual)
        if problems:
            raise ConfigError(problems)

    def _output(self, variant: Variant) -> Path:
        return self.folder / "output" / variant.name

    def _command(self, variant: Variant) -> Sequence[str]:
        if variant.app == "ours":
            return (sys.executable, "main.py")
        if variant.app == "cdktf_alone":
            return (sys.executable, "-m", "bench.cdktf_alone")
        peer = PEERS[variant.app]
        inputs = self.folder / "dev.json"
        return peer.command(self.peers / peer.name, inputs, self._output(variant))

    def _environ(self, variant: Variant, home: Path) -> Mapping[str, str]:
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        return {
            **kept,
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "LANG": "C.UTF-8",
            "CDKTF_OUTDIR": str(self._output(variant)),
            "GATEWAY_ENVIRONMENTS": self._inputs[variant.input].selection,
            **variant.environ,
        }
