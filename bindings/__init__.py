"""
Load of the AWS bindings only what a program uses.

    import bindings

    bindings.activate(scan=__file__)

    from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket

What is imported and synthesised is the same as without; docs/fast-synth.md says how.
"""

from bindings.activation import Level, activate

__all__ = ["Level", "activate"]
