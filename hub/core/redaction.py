"""No password in a log: what is known to be secret, and what looks like it, becomes ``***``."""

import re
from typing import Final

HIDDEN: Final = "***"

# Shorter ones ("1", "on") would blot out half of every line and protect nobody.
_SHORTEST: Final = 4  # characters

# The host begins after the last @, for people write passwords with an @ or a / as they are:
# better a mangled address than half a password. The length keeps a hostile line from taking
# forever. Taken for a path, an address has lost one of its slashes.
_LOGIN = re.compile(
    r"(?P<scheme>\b[a-zA-Z][\w+.-]{0,31}:/{1,3})(?P<user>[^\s/@:]{0,128}):\S{1,256}@"
)
_QUERY = re.compile(
    r"(?P<key>[?&;](?:[\w-]*(?:token|passw(?:or)?d|pwd|secret|key|signature|auth)))=[^&;#\s'\"]+",
    re.IGNORECASE,
)


class Redactor:
    """Hides secrets in texts; call it with one."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, secret: str) -> None:
        """Hide this text from now on, as it is and as it looks inside an address."""
        from urllib.parse import quote

        forms = {secret, quote(secret, safe=""), quote(secret), repr(secret)[1:-1]}
        self._known |= {each for each in forms if len(each) >= _SHORTEST}
        longest_first = sorted(self._known, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if self._known else None

    def __call__(self, text: str) -> str:
        """Return the text without its secrets."""
        if ":/" in text:
            text = _LOGIN.sub(rf"\g<scheme>\g<user>:{HIDDEN}@", text)
        if "=" in text:
            text = _QUERY.sub(rf"\g<key>={HIDDEN}", text)
        if self._pattern is not None:
            text = self._pattern.sub(HIDDEN, text)
        return text


redactor: Final = Redactor()
"""The one that every log line of this process passes through."""
