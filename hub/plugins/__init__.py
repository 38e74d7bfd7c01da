"""Plugins: found, loaded one at a time behind a guard, and kept alive."""
