"""What is wrong with automations beyond each part alone: names in templates, what never happens.

Reading an automation finds what is wrong with each of its parts; here they are looked at together.
Errors are about what is not there; warnings about what is there and cannot be meant.
"""

from automations.checks.checking import check_automation, check_sequence

__all__ = ["check_automation", "check_sequence"]
