"""Why an automation ran or did not, recorded as it happens and written out later."""

from automations.traces.recording import Miss, Occasion, RunTrace
from automations.traces.ring import STORED, Ring, Rings

__all__ = ["STORED", "Miss", "Occasion", "Ring", "Rings", "RunTrace"]
