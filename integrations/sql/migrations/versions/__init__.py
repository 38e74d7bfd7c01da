"""The steps; each has a number and names the one before it."""
