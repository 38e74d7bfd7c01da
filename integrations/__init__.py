"""One folder per outside thing; each is a plugin of its own."""
