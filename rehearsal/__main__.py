"""
Plan any Terraform configuration of the AWS provider without an account.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rehearsal.command import Options, Parser, Work, add_options, read_options, run
from rehearsal.engine.configuration import load_configuration
from rehearsal.fixtures import parse_fixtures
from rehearsal.session import Request, Session

USAGE = """\
usage: python -m rehearsal [OPTION ...] DIRECTORY

Plan a Terraform configuration of the AWS provider offline, with Terraform's own engine
and a simulated provider. DIRECTORY (*.tf, *.tf.json) stays as it is.

  --base DIR        apply this configuration to an empty scratch state first, and plan
                    DIRECTORY on top of it
  --state FILE      plan on top of a copy of a real state (terraform state pull)
  --fixtures FILE   what data sources and remote states answer, in TOML
  --account ID      the simulated account. Defaults to 123456789012
  --region REGION   its region, where the configuration names none
  --var NAME=VALUE  a variable of the configuration, as for Terraform
  --var-file FILE   a file of variables, as for Terraform
  --json FILE       write the plan as terraform show -json does; - is stdout, and the
                    text then goes to stderr
  --verify PLAN     compare with a real plan (terraform show -json) of the same change
  --validate        validate only
  --keep            keep the scratch folder and say where it is

exit status: 0 planned or valid; 1 problems, or differences from PLAN; 2 wrong usage;
130 stopped
"""


def main(arguments: Sequence[str]) -> int:
    """
    Run the command that the usage describes and return its exit status.
    """
    if {"-h", "--help"} & set(arguments):
        sys.stdout.write(USAGE)
        return 0
    parser = Parser(prog="python -m rehearsal", add_help=False, allow_abbrev=False)
    parser.add_argument("directory", type=Path, metavar="DIRECTORY")
    parser.add_argument("--base", type=Path, metavar="DIR")
    parser.add_argument("--var", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--var-file", action="append", default=[], metavar="FILE")
    add_options(parser)
    parsed = parser.parse_args(arguments)
    options = read_options(parsed, parser=parser, several=False)
    variables = (
        *(f"-var={variable}" for variable in parsed.var),
        *(f"-var-file={Path(file).absolute()}" for file in parsed.var_file),
    )

    def prepare(_session: Session, _work: Work) -> list[Request]:
        return [_request(parsed.directory, parsed.base, options, variables)]

    return run(
        prepare,
        options=options,
        environ=os.environ,
        stdout=sys.stdout,
        stderr=sys.stderr,
    )


def _request(
    directory: Path, base: Path | None, options: Options, variables: tuple[str, ...]
) -> Request:
    head = load_configuration(directory)
    below = load_configuration(base) if base else None
    where = str(options.fixtures or "fixtures")
    place = f"a state like {options.state}" if options.state else "nothing"
    return Request(
        name=directory.absolute().name or "root",
        about=f"planned on top of {base or place}",
        fixtures=parse_fixtures(options.read_fixtures(), where=where),
        head=lambda: head,
        base=(lambda: below) if below else None,
        state=options.read_state(),
        arguments=variables,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
