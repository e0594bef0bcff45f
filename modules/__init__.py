"""
The gateway's parts: pure settings and documents, and one construct per file.

Import the submodules by name: a re-export here would load the AWS bindings for the
pure modules too.
"""
