"""Django's PostgreSQL, asked in fewer round trips."""
