"""
What plans say: read, summed up and compared.
"""
