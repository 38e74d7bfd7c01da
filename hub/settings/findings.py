"""What is found wrong while files are read."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hub.api import Place, Problem

# Shorter ones would blacken half of every log line, and protect nothing.
_SHORTEST_SECRET = 4  # characters


@dataclass(slots=True)
class Findings:
    """Collects problems, warnings, what is left out, secrets seen and files read."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)

    def error(self, place: Place, words: str, hint: str = "") -> None:
        """Note a mistake."""
        self.problems.append(Problem(path=(), words=words, hint=hint, place=place))

    def warning(self, place: Place, words: str, hint: str = "") -> None:
        """Note something that works and should not stay."""
        said = Problem(path=(), words=words, hint=hint, place=place, warning=True)
        self.warnings.append(said)

    def dropped(self, line: str) -> None:
        """Note a part that is left out."""
        self.left_out.append(line)

    def secret(self, value: object) -> None:
        """Remember a value that no log may show, and the password when it is an address."""
        text = str(value)
        if value is None or isinstance(value, bool) or len(text) < _SHORTEST_SECRET:
            return
        self.secrets.add(text)
        password = _password(text)
        if len(password) >= _SHORTEST_SECRET:
            self.secrets |= {password, unquote(password)}


def _password(text: str) -> str:
    try:
        return urlsplit(text).password or ""
    except ValueError:
        return ""
