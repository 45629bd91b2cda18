"""The contract of every store."""

import pytest

pytest.register_assert_rewrite("tests.contract.store.contract")
