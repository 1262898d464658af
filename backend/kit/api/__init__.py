"""How the platform speaks HTTP: one shape of errors, of lists and of documentation, for every app."""
