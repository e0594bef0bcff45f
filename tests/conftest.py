"""
Load of the AWS bindings only what the project uses, before a test imports cdktf.
"""

from pathlib import Path

import bindings

bindings.activate(scan=Path(__file__).parent.parent / "modules/aws.py")
