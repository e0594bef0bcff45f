"""
What is known of each type: its schema, its rules, and how far it was compared.
"""
