"""What went wrong, said by class: the class decides what the hub does next.

A component that raises ``NotReady`` is tried again with back-off; one that
raises ``Rejected`` or ``Invalid`` waits until its options change; anything
else marks it failed, with one traceback.
"""


class HubError(Exception):
    """Base of every error whose text is fit for the user to read."""


class NotReady(HubError):
    """The outside is away for now; the hub tries again with back-off."""


class Rejected(HubError):
    """The outside refused us (a wrong password, say); retrying would not help."""


class Invalid(HubError):
    """What we were given cannot be right; it has to be edited."""


class ActionFailed(HubError):
    """A called action did not do what was asked; the text says why."""


class UnknownAction(ActionFailed):
    """No action of that name is registered."""
