"""The verbs of the Makefile, one a file; they need no package, only a Python of 3.9 or newer."""
