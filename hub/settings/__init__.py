"""YAML with line numbers, secrets and includes, checked against the schemas of plugins."""
