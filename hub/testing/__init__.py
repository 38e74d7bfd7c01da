"""What plugin authors and our own tests stand on: a test hub, a clock to turn, fakes."""
