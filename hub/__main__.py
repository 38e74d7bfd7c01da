"""``python -m hub`` is ``watchpost``."""

from hub.cli import main

main()
