"""Progress goes to standard error, and only where there is work."""

from __future__ import annotations

import pytest

from assistant.cli.progress import shown


def test_without_work_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with shown("Preparing.") as progress:
        progress("embedding", 0, 0)
    assert capsys.readouterr() == ("", "")


def test_stages_are_shown_with_counts_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with shown("Preparing.") as progress:
        progress("articles", 64, 76)
        progress("articles", 76, 76)
        progress("something [bold]new", 1, 2)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("Preparing.") == 1
    assert "76/76" in err
    assert "something [bold]new" in err


def test_a_failure_inside_ends_the_display() -> None:
    def fail() -> None:
        with shown() as progress:
            progress("articles", 1, 2)
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        fail()
