"""The automation engine: triggers, conditions and actions of plain YAML."""
