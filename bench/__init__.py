"""
Measure how long a synth takes and how much memory, beside other ways to write it.

`scripts/bench --help` says how; docs/benchmarks.md quotes a run.
"""
