"""The command line. Each command is a module, imported only when it is called."""

from hub.cli.main import main

__all__ = ["main"]
