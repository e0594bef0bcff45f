"""
Plan and apply a Terraform configuration without an account.
"""
