"""
The arithmetic of the bench, what it reads, and how it runs a command.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import read_arguments, run_folder, write_json
from bench.generated_inputs import FILES_OF_25_RESOURCES
from bench.inputs import write_input, write_peer_inputs
from bench.machine import cpu_model, describe_machine, pinned_version
from bench.measurement import PAGE_BYTES, Measurement, measure, resident_bytes
from bench.medians import Medians, findings, growth, medians_of
from bench.peers import AWS_CDK_PYTHON, CDKTF_JAVASCRIPT, Peer, install, is_installed
from bench.progress import Progress, spoken_time
from bench.resource_counts import (
    CLOUDFORMATION_TYPES,
    cloudformation_equal,
    cloudformation_resources,
    differences,
    operations,
    terraform_resources,
)
from bench.runs import Bench
from bench.table import render_table
from bench.variants import (
    STOCK_BINDINGS,
    VARIANTS,
    Variant,
    estimated_seconds,
    select_variants,
)
from modules.errors import ConfigError
from modules.gateway import load_gateways

PROJECT = Path(__file__).parent.parent
MEBIBYTE = 2**20
ALLOCATION = 40 * MEBIBYTE
# A process that starts a second one; each holds as much memory for a moment.
TWO_PROCESSES = f"""
import subprocess, sys, time
held = b"x" * {ALLOCATION}
if len(sys.argv) == 1:
    subprocess.run([sys.executable, __file__, "child"], check=True)
else:
    time.sleep(0.2)
"""


def measurement(
    wall: float, *, cpu: float = 1, tree: int = 200, process: int = 100
) -> Measurement:
    return Measurement(
        wall_seconds=wall,
        cpu_seconds=cpu,
        tree_peak_bytes=tree * MEBIBYTE,
        process_peak_bytes=process * MEBIBYTE,
    )


def medians(wall: float, *, tree: int = 200) -> Medians:
    return medians_of([measurement(wall, tree=tree)])


def measure_here(folder: Path, *command: str) -> Measurement:
    return measure(
        command,
        label="sample",
        directory=folder,
        environ=os.environ,
        log=folder / "sample.log",
    )


def has_ended(pid: int) -> bool:
    """
    Tell whether a process ends within some seconds; nobody else waits for it.
    """
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def wait_for(file: Path) -> int:
    for _ in range(200):
        if file.exists() and file.read_text().strip():
            return int(file.read_text())
        time.sleep(0.02)
    raise AssertionError(file)


@pytest.fixture(name="proc")
def _proc(tmp_path: Path) -> Path:
    """
    A process 1 with a child of each of its two threads, one of them gone meanwhile.
    """
    children = {1: {"1": "2", "11": "3 4"}, 2: {"2": ""}, 4: {"4": "5"}, 5: {"5": ""}}
    for pid, threads in children.items():
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "statm").write_text(f"900 {pid * 10} 3 4 5 6 7\n")
        for thread, listed in threads.items():
            task = tmp_path / str(pid) / "task" / thread
            task.mkdir(parents=True)
            (task / "children").write_text(listed)
    return tmp_path


def test_memory_is_read_from_every_descendant(proc: Path) -> None:
    """
    Children of every thread count, and a process that is gone counts nothing.
    """
    expected = [pages * PAGE_BYTES for pages in (10, 20, 40, 50)]

    assert expected == sorted(resident_bytes(1, proc=proc))


def test_memory_of_a_finished_process_is_nothing(proc: Path) -> None:
    """
    A root that is gone has no memory.
    """
    assert [] == resident_bytes(3, proc=proc)


def test_a_run_is_measured_over_its_process_tree(tmp_path: Path) -> None:
    """
    Two processes that hold memory at once count together; the largest is one of them.
    """
    script = tmp_path / "two.py"
    script.write_text(TWO_PROCESSES)

    run = measure_here(tmp_path, sys.executable, str(script))

    assert run.wall_seconds > 0.2
    assert 0 < run.cpu_seconds < run.wall_seconds + 1
    assert run.tree_peak_bytes > 2 * ALLOCATION
    assert ALLOCATION < run.process_peak_bytes < 2 * ALLOCATION


def test_nothing_that_a_run_started_outlives_it(tmp_path: Path) -> None:
    """
    A process that a command left in the background ends with the run.
    """
    measure_here(tmp_path, "sh", "-c", "sleep 60 & echo $! >left")

    assert has_ended(wait_for(tmp_path / "left"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_the_bench_ends_what_it_runs(
    tmp_path: Path, number: signal.Signals
) -> None:
    """
    Ctrl-C and a termination take the measured processes and the run's folder along.
    """
    script = f"""
import os, signal
from pathlib import Path
from bench.__main__ import run_folder, stop
from bench.measurement import measure
signal.signal(signal.SIGTERM, stop)
with run_folder(Path({str(tmp_path)!r}, "bench")) as folder:
    command = ("sh", "-c", "echo $$ >{tmp_path}/running; sleep 60")
    measure(command, label="", directory=folder, environ=os.environ, log=folder / "log")
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=PROJECT, stderr=subprocess.DEVNULL
    )
    running = wait_for(tmp_path / "running")
    process.send_signal(number)
    process.wait(10)

    assert has_ended(running)
    assert ["lock"] == [path.name for path in (tmp_path / "bench").iterdir()]


def test_fails_when_a_command_fails(tmp_path: Path) -> None:
    """
    The message names the run, its status and the last lines of its output.
    """
    with pytest.raises(ConfigError) as raised:
        measure_here(tmp_path, "sh", "-c", "echo one; echo two >&2; exit 3")

    expected = ("sample: must exit with status 0, got 3: one / two",)
    assert expected == raised.value.problems


def test_fails_when_another_run_measures(tmp_path: Path) -> None:
    """
    Two runs at once would measure each other.
    """
    with (
        run_folder(tmp_path),
        pytest.raises(ConfigError) as raised,
        run_folder(tmp_path),
    ):
        pass

    expected = (f"{tmp_path}: another run is measuring; wait for its end",)
    assert expected == raised.value.problems


def test_a_run_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    """
    Folders of earlier runs go, what the peers installed stays.
    """
    (tmp_path / "run-old").mkdir()
    (tmp_path / "aws_cdk_python").mkdir()

    with run_folder(tmp_path):
        pass

    assert {"aws_cdk_python", "lock"} == {path.name for path in tmp_path.iterdir()}


def test_medians_are_taken_value_by_value() -> None:
    """
    Each value has its own middle run.
    """
    runs = [
        measurement(3, cpu=1, tree=30, process=5),
        measurement(1, cpu=9, tree=20, process=6),
        measurement(2, cpu=4, tree=10, process=7),
    ]

    expected = Medians(
        wall_seconds=2,
        fastest_seconds=1,
        slowest_seconds=3,
        cpu_seconds=4,
        tree_peak_bytes=20 * MEBIBYTE,
        process_peak_bytes=6 * MEBIBYTE,
    )
    assert expected == medians_of(runs)


def test_growth_is_the_time_of_one_more() -> None:
    """
    What all runs pay once does not count.
    """
    assert pytest.approx(0.03) == growth(medians(0.5), medians(3.47), 99)


def test_findings_compare_what_was_measured() -> None:
    """
    Ratios of medians, each with its goal.
    """
    measured = {
        "ours-warm": medians(0.5, tree=100),
        "ours-public": medians(0.6),
        "stock-warm": medians(12, tree=1200),
        "ours-cold": medians(3),
        "stock-cold": medians(24),
        "aws-cdk-warm": medians(4),
        "aws-cdk-cold": medians(15),
        "environments-1": medians(0.5),
        "environments-100": medians(4.46),
    }

    expected = [
        "Warm, stock takes 24.0 times as long as ours (goal: 25).",
        "Warm, stock takes 20.0 times as long as public means alone (goal: 20).",
        "Warm, stock needs 12.0 times the memory of ours (goal: 8).",
        "Cold, stock takes 8.0 times as long as ours (goal: 6).",
        "Warm, the AWS CDK takes 8.0 times as long as ours (goal: over 1).",
        "Cold, the AWS CDK takes 5.0 times as long as ours (goal: over 1).",
        "Each further environment of 25 resources takes 40 ms (goal: at most 40).",
    ]
    assert expected == findings(measured)


def test_findings_need_both_sides() -> None:
    """
    One side alone says nothing.
    """
    assert [] == findings({"ours-warm": medians(1), "environments-1": medians(1)})


def test_table_shows_medians_and_ratios_to_stock() -> None:
    """
    A row without its stock has no ratio.
    """
    ours, stock, alone = (
        Variant(name="ours", description="ours", seconds=1, stock="stock"),
        Variant(name="stock", description="stock", seconds=1, stock="stock"),
        Variant(name="alone", description="many", seconds=1),
    )
    runs = {
        "ours": medians_of([measurement(0.5), measurement(0.7), measurement(0.4)]),
        "stock": medians(10, tree=1200),
        "alone": medians(2),
    }

    expected = """\
| variant | wall s |     from - to | stock / wall | CPU s | memory MiB | stock / memory | largest process MiB |
| ------- | -----: | ------------: | -----------: | ----: | ---------: | -------------: | ------------------: |
| ours    |   0.50 |   0.40 - 0.70 |         20.0 |  1.00 |        200 |            6.0 |                 100 |
| stock   |  10.00 | 10.00 - 10.00 |          1.0 |  1.00 |      1,200 |            1.0 |                 100 |
| many    |   2.00 |   2.00 - 2.00 |              |  1.00 |        200 |                |                 100 |
"""  # noqa: E501 -- a table's rows
    assert expected.splitlines() == render_table((ours, stock, alone), runs)


def test_table_leaves_out_ratios_when_stock_was_not_measured() -> None:
    """
    A selection without stock has no ratios.
    """
    ours = select_variants(["ours-warm"])

    row = render_table(ours, {"ours-warm": medians(1)})[2]

    expected = ["ours, warm", "1.00", "1.00 - 1.00", "", "1.00", "200", "", "100"]
    assert expected == [cell.strip() for cell in row.strip("| ").split("|")]


def test_variants_keep_the_order_of_the_table() -> None:
    """
    Names select; none selects all.
    """
    selected = select_variants(["stock-cold", "ours-warm"])

    assert ["ours-warm", "stock-cold"] == [variant.name for variant in selected]
    assert VARIANTS == select_variants([])


def test_fails_when_a_variant_is_unknown() -> None:
    """
    Every wrong name is told, with the right ones.
    """
    with pytest.raises(ConfigError) as raised:
        select_variants(["ours-warm", "ours-hot", "theirs"])

    known = ", ".join(variant.name for variant in VARIANTS)
    expected = (
        f"--only must name variants ({known}), got 'ours-hot'",
        f"--only must name variants ({known}), got 'theirs'",
    )
    assert expected == raised.value.problems


def test_variants_are_compared_with_a_stock_of_their_own_state() -> None:
    """
    Cold with cold, warm with warm, and only over the same resources.
    """
    stocks = {variant.name: variant for variant in VARIANTS}

    for variant in VARIANTS:
        if variant.stock is None:
            assert "dev" != variant.input
            continue
        stock = stocks[variant.stock]
        assert STOCK_BINDINGS == stock.environ
        assert variant.is_cold == stock.is_cold
        assert variant.input == stock.input


def test_warm_variants_of_one_app_share_a_home() -> None:
    """
    Stock has its own caches, and a cold run shares none.
    """
    homes = {variant.name: variant.home for variant in VARIANTS}

    assert homes["environments-10"] == homes["ours-warm"] == "ours"
    assert "ours" == homes["ours-public"]
    assert homes["aws-cdk-unvalidated"] == homes["aws-cdk-warm"] == "aws_cdk_python"
    assert "stock" == homes["stock-warm"]
    assert "ours-cold" == homes["ours-cold"]


def test_estimate_counts_rounds_and_a_first_run_of_what_is_warm() -> None:
    """
    A warm variant of 2 s takes 6 s at first; a cold one has no first run.
    """
    warm = Variant(name="warm", description="", seconds=2)
    cold = Variant(name="cold", description="", seconds=5, is_cold=True)

    assert 3 * (2 + 5) + 6 == estimated_seconds([warm, cold], 3)


def test_all_variants_fit_into_a_quarter_of_an_hour(tmp_path: Path) -> None:
    """
    The default run with both installations is estimated at 15 minutes or less.
    """
    bench = Bench(folder=tmp_path, peers=tmp_path, variants=VARIANTS)

    assert ["cdktf_javascript", "aws_cdk_python"] == bench.peers_to_install()
    assert bench.estimated_seconds(3) < 15 * 60
    assert 2 + 1 + 13 + 3 * 16 == bench.steps(3)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-1, "about 0 s"),
        (0.4, "about 0 s"),
        (42, "about 42 s"),
        (59.9, "about 60 s"),
        (60, "about 1 min"),
        (400, "about 7 min"),
    ],
)
def test_time_is_said_as_an_estimate(seconds: float, expected: str) -> None:
    """
    Nobody needs seconds of a quarter of an hour.
    """
    assert expected == spoken_time(seconds)


def test_progress_names_each_step(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Number, name, time, and what is left.
    """
    progress = Progress(seconds=20, steps=12)
    with progress.step("round 1   ours-warm", estimated=10):
        pass

    expected = "[ 1/12] round 1   ours-warm                0.00 s  about 0 s left\n"
    assert expected == capsys.readouterr().err


def test_resources_are_counted_over_all_stacks(tmp_path: Path) -> None:
    """
    Terraform's by type, CloudFormation's by type, operations without OPTIONS.
    """
    for name in ("a", "b"):
        stack = tmp_path / "stacks" / name
        stack.mkdir(parents=True)
        called = [{"method": "GET"}, {"method": "OPTIONS"}]
        content: dict[str, object] = {
            "//": {"gateway": {"operations": called}},
            "resource": {"aws_x": {"one": {}, "two": {}}, "aws_y": {name: {}}},
        }
        (stack / "cdk.tf.json").write_text(json.dumps(content))
    template = {"Resources": {"One": {"Type": "AWS::X"}, "Two": {"Type": "AWS::X"}}}
    (tmp_path / "dev.template.json").write_text(json.dumps(template))

    assert Counter(aws_x=4, aws_y=2) == terraform_resources(tmp_path)
    assert Counter({"AWS::X": 2}) == cloudformation_resources(tmp_path)
    assert 2 == operations(tmp_path)


def test_differences_name_each_type() -> None:
    """
    Missing, surplus and unexpected types are one line each.
    """
    expected = [
        "peer: must define 1 of a, got 2",
        "peer: must define 3 of b, got 0",
        "peer: must define 0 of c, got 1",
    ]
    assert expected == differences(
        "peer", expected=Counter(a=1, b=3, d=1), actual=Counter(a=2, c=1, d=1)
    )


def test_cloudformation_has_a_counterpart_for_the_dev_stack() -> None:
    """
    Each type is a type there, or the settings of one.
    """
    golden = json.loads((PROJECT / "tests/golden/dev.tf.json").read_text())
    resources = Counter({kind: len(own) for kind, own in golden["resource"].items()})

    counterparts = cloudformation_equal(resources)

    assert resources.keys() == CLOUDFORMATION_TYPES.keys()
    objects = counterparts["AWS::CloudFormation::CustomResource"]
    assert resources["aws_s3_object"] == objects
    assert resources.total() - 6 == counterparts.total()


def test_fails_when_a_type_has_no_counterpart() -> None:
    """
    A new resource of the dev stack must be added to the peers.
    """
    with pytest.raises(ConfigError) as raised:
        cloudformation_equal(Counter(aws_lambda_function=1, aws_s3_bucket=1))

    expected = (
        "bench/resource_counts.py: CLOUDFORMATION_TYPES must name every type of the "
        "dev stack, got none for aws_lambda_function: add it there and to "
        "bench/equal_apps"
    )
    assert (expected,) == raised.value.problems


def test_environments_are_read_without_a_problem(tmp_path: Path) -> None:
    """
    Each generated environment differs from the others in what must be unique.
    """
    given = write_input("environments-3", tmp_path)
    gateways = load_gateways({"GATEWAY_ENVIRONMENTS": given.selection})

    names = ["shop-001", "shop-002", "shop-003"]
    assert names == [gateway.settings.name for gateway in gateways]
    assert [FILES_OF_25_RESOURCES] * 3 == [
        len(gateway.site_files) for gateway in gateways
    ]
    assert Counter(resources=75) == given.expected


def test_a_document_has_the_operations_that_are_asked_for(tmp_path: Path) -> None:
    """
    The generated document completes without a warning.
    """
    given = write_input("operations-300", tmp_path)
    (gateway,) = load_gateways({"GATEWAY_ENVIRONMENTS": given.selection})

    methods = [operation.method.lower() for operation in gateway.document.operations]
    assert 300 == sum(method != "options" for method in methods)
    assert () == gateway.warnings
    assert Counter(operations=300) == given.expected


def test_a_site_has_the_files_that_are_asked_for(tmp_path: Path) -> None:
    """
    As many objects as files, and `config.json`.
    """
    given = write_input("files-120", tmp_path)
    (gateway,) = load_gateways({"GATEWAY_ENVIRONMENTS": given.selection})

    assert 120 == len(gateway.site_files)
    assert Counter(objects=121) == given.expected


def test_peers_get_what_our_app_read(tmp_path: Path) -> None:
    """
    The completed document with its placeholders, and the site's files.
    """
    file = tmp_path / "dev.json"
    write_peer_inputs(file)
    inputs: dict[str, Any] = json.loads(file.read_text())

    assert {"body", "directory", "files"} == inputs.keys()
    assert "${vpc_link_id}" in json.dumps(inputs["body"])
    assert str(PROJECT / "web") == str(Path(inputs["directory"]).resolve())
    expected = {"key", "content_type", "cache_control", "sha256", "is_page"}
    assert expected == inputs["files"][0].keys()


def test_a_peer_is_installed_once(tmp_path: Path) -> None:
    """
    An installation counts until one of its files changes, and is then made anew.
    """
    source = tmp_path / "app"
    source.write_text("one")
    peer = Peer(
        name="sample",
        install_seconds=1,
        sources=(source,),
        commands=(("cp", "app", "installed"),),
        program=("{folder}/run", "--quiet"),
    )
    folder = tmp_path / "peer"
    assert not is_installed(peer, folder)

    install(peer, folder, environ=os.environ)

    assert is_installed(peer, folder)
    assert "one" == (folder / "installed").read_text()
    (folder / "old").touch()
    source.write_text("two")
    assert not is_installed(peer, folder)

    install(peer, folder, environ=os.environ)

    assert "two" == (folder / "installed").read_text()
    assert not (folder / "old").exists()


def test_a_failed_installation_does_not_count(tmp_path: Path) -> None:
    """
    The next run installs again.
    """
    peer = Peer(
        name="sample",
        install_seconds=1,
        sources=(),
        commands=(("false",),),
        program=(),
    )

    with pytest.raises(ConfigError) as raised:
        install(peer, tmp_path / "peer", environ=os.environ)

    expected = ("false: must exit with status 0, got 1: no output",)
    assert expected == raised.value.problems
    assert not is_installed(peer, tmp_path / "peer")


def test_a_peer_runs_from_its_own_folder() -> None:
    """
    The command names the peer's packages, the inputs and the output.
    """
    folder, inputs, output = Path("/peer"), Path("/in.json"), Path("/out")

    expected = ("node", "/peer/main.js", "/in.json", "/out")
    assert expected == CDKTF_JAVASCRIPT.command(folder, inputs, output)
    expected = ("/peer/venv/bin/python", "/peer/app.py", "/in.json", "/out")
    assert expected == AWS_CDK_PYTHON.command(folder, inputs, output)


def test_peers_have_pinned_versions() -> None:
    """
    The JavaScript peer runs our versions; every Python package has one exact version.
    """
    package = json.loads(CDKTF_JAVASCRIPT.source("package.json").read_text())
    lines = AWS_CDK_PYTHON.source("requirements.txt").read_text().splitlines()

    pipfile = (PROJECT / "Pipfile").read_text()
    for name, pin in package["dependencies"].items():
        ours = name.replace("@cdktf/", "cdktf-cdktf-")
        assert f'{ours} = "=={pin}"' in pipfile
    assert all(line.count("==") == 1 for line in lines)


def test_machine_is_described_with_versions() -> None:
    """
    Two lines: the date first, then what ran.
    """
    hardware, versions = describe_machine(date(2026, 11, 22))

    assert hardware.startswith("2026-11-22: ")
    assert "cdktf 0.21.0, cdktf-cdktf-provider-aws 21.22.1, jsii " in versions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("processor\t: 0\nmodel name\t: Fast  CPU @ 2GHz\n", "Fast CPU @ 2GHz"),
        ("processor\t: 0\n", f"an unnamed {os.uname().machine} processor"),
    ],
)
def test_processor_is_named(tmp_path: Path, text: str, expected: str) -> None:
    """
    Some processors have no name.
    """
    file = tmp_path / "cpuinfo"
    file.write_text(text)

    assert expected == cpu_model(file)


def test_a_pinned_version_is_read() -> None:
    """
    The version is what stands behind the two equals signs.
    """
    assert "2.0" == pinned_version("b", ["a==1.0\n", "b==2.0\n"])


def test_arguments_have_defaults() -> None:
    """
    Everything, three times.
    """
    options = read_arguments([])

    assert 3 == options.rounds
    assert VARIANTS == options.variants
    assert options.json is None


def test_arguments_select() -> None:
    """
    Names come separated by commas, or one by one.
    """
    options = read_arguments(
        ["--rounds=5", "--only", "stock-cold,ours-cold", "--only=ours-warm"]
    )

    selected = [variant.name for variant in options.variants]
    assert 5 == options.rounds
    assert ["ours-warm", "ours-cold", "stock-cold"] == selected


@pytest.mark.parametrize("rounds", ["0", "-1", "two"])
def test_fails_when_rounds_are_no_number(
    rounds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Wrong usage exits with 2 and one line about it.
    """
    with pytest.raises(SystemExit) as raised:
        read_arguments([f"--rounds={rounds}"])

    assert 2 == raised.value.code
    expected = (
        "scripts/bench: error: argument --rounds: must be a whole number of at least "
        f"1, got {rounds!r}"
    )
    assert expected == capsys.readouterr().err.splitlines()[-1]


def test_fails_when_an_argument_names_no_variant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    A wrong name is wrong usage, too.
    """
    with pytest.raises(SystemExit) as raised:
        read_arguments(["--only=theirs"])

    assert 2 == raised.value.code
    assert "got 'theirs'\n" == capsys.readouterr().err[-13:]


def test_raw_numbers_are_written_round_by_round(tmp_path: Path) -> None:
    """
    Every run is there, in the order in which it was made.
    """
    file = tmp_path / "runs.json"
    runs = {
        "a": [measurement(1), measurement(2)],
        "b": [measurement(3), measurement(4)],
    }

    write_json(file, ["a machine"], runs)

    values = {
        "cpu_seconds": 1,
        "tree_peak_bytes": 200 * MEBIBYTE,
        "process_peak_bytes": 100 * MEBIBYTE,
    }
    expected = {
        "machine": ["a machine"],
        "runs": [
            {"round": number, "variant": name, "wall_seconds": wall, **values}
            for number, name, wall in (
                (1, "a", 1),
                (1, "b", 3),
                (2, "a", 2),
                (2, "b", 4),
            )
        ],
    }
    assert expected == json.loads(file.read_text())


def test_help_names_every_variant() -> None:
    """
    What `--only` takes stands in the help.
    """
    text = subprocess.check_output([PROJECT / "scripts/bench", "--help"], text=True)

    words = text.replace(",", " ").split()
    assert [] == [variant.name for variant in VARIANTS if variant.name not in words]
