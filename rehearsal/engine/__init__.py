"""
Terraform's engine, and the scratch copies of configurations that it runs on.
"""
