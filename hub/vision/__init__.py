"""The vision worker: from packets to facts about what moves where."""
