"""What can be said about a broker in YAML, and as typed values."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import voluptuous as vol

from hub.api import Invalid, Options, schema
from integrations.mqtt import topics

PLAIN: Final = 1883
SECURE: Final = 8883

_HOST: Final = re.compile(r"[A-Za-z0-9_.:%-]+")


def host(value: object) -> str:
    """Accept a machine's name or address, alone."""
    word = schema.text(value).strip()
    if "://" in word:
        raise vol.Invalid(
            f"'{word.partition('://')[0]}://' does not belong here: give the host alone, "
            "and port, username, password and tls as options of their own"
        )
    bare = word.removeprefix("[").removesuffix("]")
    if not _HOST.fullmatch(bare) or re.fullmatch(r"[^:]+:\d*", bare):
        raise vol.Invalid(f"'{word}' is not a host: give its name or address alone, and port apart")
    return bare


def protocol(value: object) -> str:
    """Accept a version of MQTT, with or without quotes."""
    word = str(value) if isinstance(value, int | float) else value
    if word in ("3.1.1", "5", "5.0"):
        return "5" if word == "5.0" else str(word)
    raise vol.Invalid(f"expected one of 3.1.1, 5, got {schema.describe(value)}")


schema.shaped(host, {"type": "string", "title": "host"})
schema.shaped(protocol, {"enum": ["3.1.1", "5"]})

TLS: Final[schema.Schema] = {
    schema.optional("ca", "File of the authority to trust; without it, the system's"): schema.text,
    schema.optional("certificate", "File of our own certificate, when asked for"): schema.text,
    schema.optional("key", "File of our certificate's key, when not in the same file"): schema.text,
    schema.optional("insecure", "Trust any certificate, which protects from nobody", False): (
        schema.flag
    ),
}

SCHEMA: Final[schema.Schema] = {
    schema.optional("host", "The broker's name or address", "127.0.0.1"): host,
    schema.optional("port", "Its port; 1883 without TLS and 8883 with it unless given"): (
        schema.whole(1, 65535)
    ),
    schema.optional("username", "Who we are to the broker"): schema.text,
    schema.optional("password", "Our password there; keep it in secrets.yaml"): schema.text,
    schema.optional("client_id", "Our name to the broker; a random one unless given"): schema.text,
    schema.optional("keepalive", "Silence after which the other side is asked for life", 30): (
        schema.whole(2, 3600)
    ),
    schema.optional("protocol", "Version of MQTT: 3.1.1 or 5", "3.1.1"): protocol,
    schema.optional("tls", "Encrypt the connection; an empty mapping is enough"): dict(TLS),
    schema.optional("prefix", "What the hub's own topics begin with", "watchpost"): topics.prefix,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """A broker and how to be let in; the representation leaves the password out."""

    host: str
    port: int
    client_id: str
    username: str | None
    password: str | None = field(repr=False)
    keepalive: int
    protocol: str
    prefix: str
    tls: ssl.SSLContext | None = field(repr=False)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def status_topic(self) -> str:
        """Where everybody can see whether the hub is there."""
        return f"{self.prefix}/status"


def read(options: Options, client_id: str, folder: Path) -> Broker:
    """Turn validated options into a broker; relative files are looked for in ``folder``.

    Reads certificates, so it may take a moment; raises ``Invalid`` when one cannot be used.
    """
    tls = options.get("tls")
    return Broker(
        host=options["host"],
        port=options.get("port", PLAIN if tls is None else SECURE),
        client_id=options.get("client_id", client_id),
        username=options.get("username"),
        password=options.get("password"),
        keepalive=options["keepalive"],
        protocol=options["protocol"],
        prefix=options["prefix"],
        tls=None if tls is None else _context(tls, folder),
    )


def _context(tls: Mapping[str, Any], folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if "ca" in tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _load(context.load_verify_locations, "tls.ca", folder / tls["ca"])
    if "certificate" in tls:
        key = [folder / tls["key"]] if "key" in tls else []
        _load(context.load_cert_chain, "tls.certificate", folder / tls["certificate"], *key)
    if tls["insecure"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _load(take: Any, option: str, *files: Path) -> None:
    if missing := next((each for each in files if not each.is_file()), None):
        raise Invalid(f"{option}: there is no file {missing}")
    try:
        take(*files)
    except (ssl.SSLError, OSError) as error:
        raise Invalid(f"{option}: {files[0]} cannot be used: {error}") from error
