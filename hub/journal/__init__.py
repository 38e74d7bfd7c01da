"""Events and states on their way to storage."""
