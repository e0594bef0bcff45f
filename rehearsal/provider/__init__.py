"""
The simulated AWS provider: Terraform's questions, and its answers.
"""
