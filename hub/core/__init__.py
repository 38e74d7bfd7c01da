"""The floor of the hub: clock, supervised tasks, logging, the wire between processes."""
