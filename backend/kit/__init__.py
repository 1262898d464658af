"""Tools that know nothing of our business; every floor above may use them."""
