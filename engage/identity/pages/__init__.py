"""What a page and its live parts show, where it takes more than one read."""
