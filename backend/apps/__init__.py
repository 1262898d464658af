"""Our matters: a folder for each, all of the same shape."""
