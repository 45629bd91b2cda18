"""The twin keeps the contract, so what is proved with it holds."""

from __future__ import annotations

import pytest

from assistant.adapters.store.memory_store import MemoryStore
from tests.contract.store.contract import StoreContract
from tests.contract.store.samples import Stores


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def stores(self) -> Stores:
        store = MemoryStore()
        return Stores(store, store, store, store, store, lambda: list(store.audits), store.dead)
