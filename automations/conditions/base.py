"""What our own conditions have beyond what plugins' have: a place to name in the log."""

from collections.abc import Iterable

from automations.templates import Template
from hub.api import Condition, Context, Options


def unless(wanted: Iterable[object], found: object) -> str:
    """Say what was wanted in place of what was found: ``, not 'on' or 'open'``."""
    words = [repr(each) for each in wanted]
    return "" if repr(found) in words else f", not {' or '.join(words)}"


class OwnCondition(Condition):
    """A condition of the language itself."""

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        source = options.get("value_template")
        self.template = None if source is None else Template(source, context)

    def place(self, where: str) -> None:
        """Say where it stands."""
        if self.template is not None:
            self.template.where = where
