"""
Synthesise one empty stack: what cdktf takes before anything is defined.

usage: python -m bench.cdktf_alone

Python, one Node process, jsii's kernel, constructs and cdktf, loaded as our app loads
them; no AWS bindings, no environment, document or site. Written to `CDKTF_OUTDIR`.
"""

import os

import bindings


def main() -> None:
    """
    Synthesise the stack.
    """
    # Any submodule: with none named, Node would start without its compiled code.
    bindings.activate(submodules=["s3_bucket"], ahead=True)
    from cdktf import App, TerraformStack  # noqa: PLC0415

    app = App(outdir=os.environ["CDKTF_OUTDIR"])
    TerraformStack(app, "empty")
    app.synth()


if __name__ == "__main__":
    main()
