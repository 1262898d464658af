"""Which requests were answered already, so that a retry has no second effect."""
