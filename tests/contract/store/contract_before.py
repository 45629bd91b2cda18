"""An append by a caller who has the request already: the store neither reads nor folds it, and refuses the same."""

from __future__ import annotations

import pytest

from assistant.domain import events as e
from assistant.domain.request import IllegalTransition, Request, fold
from assistant.ports import DuplicateMessage, Effects, StaleVersion
from tests.contract.store.samples import DAY, NOW, Stores, note, said


class BeforeContract:
    """`append(..., before=request)`."""

    def test_the_request_as_it_was_before_spares_reading_it(self, stores: Stores) -> None:
        stores.open("r1")
        before = fold("r1", stores.requests.events("r1"))
        assert stores.requests.append("r1", 1, [said("m1")], Effects(), before) == 2
        assert stores.index.of_mentee("ana")[0].version == 2
        for late in ([said("m2")], [said("m3"), said("m4")]):
            with pytest.raises(StaleVersion):
                stores.requests.append("r1", 1, late, Effects(notes=(note("k"),)), before)
        with pytest.raises(DuplicateMessage):
            stores.requests.append("r1", 1, [said("m1")], Effects(), before)
        with pytest.raises(IllegalTransition):
            stores.requests.append(
                "r1", 2, [e.SessionHeld(at=NOW, actor="ben")], Effects(), fold("r1", stores.requests.events("r1"))
            )
        assert (
            stores.requests.append("r2", 0, [e.Opened(at=NOW, actor="ana", mentee="ana"), said("m1")], Effects(), Request("r2"))
            == 2
        )
        assert len(stores.requests.events("r1")) == 2
        assert stores.outbox.lease(9, NOW + DAY) == ()

    def test_a_request_of_another_version_or_name_is_a_bug_of_the_caller(self, stores: Stores) -> None:
        stores.open("r1")
        stores.add("r1", said("m1"))
        for wrong in (Request("r1"), Request("r2", version=2)):
            with pytest.raises(ValueError):
                stores.requests.append("r1", 2, [said("m2")], Effects(), wrong)
        assert len(stores.requests.events("r1")) == 2
