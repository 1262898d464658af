"""Who did what to what, from where and on whose behalf: written once, chained, never changed."""
