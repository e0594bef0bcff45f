"""
What the provider and AWS refuse in a configuration.
"""
