"""Which tests begin first, so that no worker is left with a long file when the others are done.

A file is one unit of work of `make test` (`--dist loadfile --no-loadscope-reorder`), and the units are handed out in this order:
the long ones first, then everything else as it was collected.
"""

from __future__ import annotations

import pytest

LONGEST = (
    "browser/test_sinks.py", "browser/test_access.py", "browser/test_kill.py", "journeys/test_web_matrix.py",
    "browser/test_early.py", "browser/test_first_load.py", "journeys/test_model_faults.py", "unit/ui/test_bad_values.py",
    "browser/test_streaming.py", "browser/test_meeting.py", "journeys/test_model_hostile.py", "browser/test_asking.py",
    "browser/test_tabs.py", "unit/linear/test_linear_time.py", "browser/test_model_journey.py", "browser/test_handing.py",
    "journeys/test_web_crowd.py", "journeys/test_races.py", "journeys/test_doctor.py", "browser/test_phone.py",
    "browser/test_keyboard.py", "unit/services/test_state_machine.py", "contract/model/test_faults.py",
    "unit/ui/rendering/test_markdown.py", "browser/test_closing_drafts.py", "unit/ui/gateway/test_sign_in_flood.py",
    "journeys/test_cli.py", "contract/retrieval/test_switching.py", "evals/test_dialogue_eval.py", "unit/cli/test_users.py",
    "contract/retrieval/test_same_everywhere.py", "browser/test_sinks_static.py", "journeys/test_kill.py",
    "unit/ui/test_handlers.py", "unit/ui/gateway/test_routes.py",
)  # fmt: skip
"""By the time that they took, longest first."""


def longest_first(items: list[pytest.Item], root: str) -> None:
    """Sorts in place; the tests of a file stay in their order."""
    place = {f"{root}/{name}": at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(str(item.path), len(place)))
