"""What is hidden before anything is sent, what is not, and that all of it comes back as it was written."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.privacy.names import NameFinder
from assistant.dialogue.privacy.redaction import Redaction

PEOPLE = (
    "Ada Rowntree",
    "Will Young",
    "Mark Price",
    "May Lee",
    "Grace Hill",
    "José Núñez",
    "Sean O'Neill",
    "Ben Okonjo",
    "Ben Adeyemi",
    "Anne-Marie van der Berg",
    "Dr Bo Li",
    "王小明",
    "Zoë",
)


@pytest.fixture
def redaction() -> Redaction:
    return Redaction(PEOPLE)


# People.


def test_a_person_keeps_one_number_by_full_and_by_part_name(redaction: Redaction) -> None:
    said = "Ada Rowntree knows it. Ask Ada, or ROWNTREE, ADA; I wrote to ada rowntree and Ms Rowntree's team."
    hidden = redaction.hide(said)
    assert hidden.startswith("PERSON_1 knows it. Ask PERSON_1B, or PERSON_1C; I wrote to PERSON_1D and Ms PERSON_1E's team.")
    assert redaction.restore(hidden) == said
    assert redaction.hide("Ada Rowntree") == "PERSON_1"


@pytest.mark.parametrize(
    "named",
    [
        "ada rowntree",
        "ADA ROWNTREE",
        "Rowntree, Ada",
        "Ada\nRowntree",
        "jose nunez",
        "José Núñez",
        "Jose\u0301 Nu\u0301n\u0303ez",
        "O'Neill",
        "O\u2019Neill",
        "Anne-Marie",
        "anne marie van der berg",
        "Anne-Marie Berg",
        "Bo Li",
        "Okonjo",
        "will young said so, so Will Young",
        "王小明",
        "Zoë",
    ],
)
def test_names_are_found_however_they_are_written(redaction: Redaction, named: str) -> None:
    hidden = redaction.hide(f"I talked with {named}.")
    assert hidden.startswith("I talked with ")
    assert "PERSON_1" in hidden


@pytest.mark.parametrize(
    "clear",
    [
        "ask Will about it",
        "Will said yes",
        "Will's deck",
        "thanks to Mark",
        "Mark told me",
        "with May on it",
        "May said so",
        "Dear Grace,",
        "Grace helped us",
        "a chat with Price",
        "Hi Will",
    ],
)
def test_a_name_that_is_a_word_is_hidden_where_it_is_a_name(redaction: Redaction, clear: str) -> None:
    assert "PERSON_1" in redaction.hide(clear)


@pytest.mark.parametrize(
    "plain",
    [
        "Will you help? I will.",
        "Mark my words",
        "in May 2026",
        "by May",
        "May I ask?",
        "May 5",
        "the Grace period",
        "The Price list",
        "Price it well",
        "ada",
        "rowntree",
        "a young team",
        "Young people",
        "we mark it up",
        "on the Hill",
        "it was BO",
        "by mark price up",
        "benign Benefits",
        "Adamant",
        "zoë",
    ],
)
def test_words_stay_words(redaction: Redaction, plain: str) -> None:
    assert redaction.hide(plain) == plain


def test_a_name_of_several_people_has_a_number_of_its_own_until_one_is_meant() -> None:
    first, second = Redaction(PEOPLE), Redaction(PEOPLE)
    assert first.hide("Ben, Ben Okonjo, Ben Adeyemi, Ben") == "PERSON_1, PERSON_2, PERSON_3, PERSON_1"
    assert second.hide("Ben Okonjo said Ben would") == "PERSON_1 said PERSON_1B would"


# Addresses and numbers.


@pytest.mark.parametrize(
    "mail",
    [
        "lena@example.org",
        "Lena.K+x@mail.example.co.uk",
        "l_k@ex-ample.museum",
        "lena (at) example (dot) org",
        "lena[at]example.org",
        "jürgen@müller.de",
    ],
)
def test_mail_addresses_are_hidden(redaction: Redaction, mail: str) -> None:
    said = f"Write to <{mail}>, or '{mail}', or {mail}. Or {mail}-- {mail}'s."
    hidden = redaction.hide(said)
    assert hidden == "Write to <EMAIL_1>, or 'EMAIL_1', or EMAIL_1. Or EMAIL_1-- EMAIL_1's."
    assert redaction.restore(hidden) == said


@pytest.mark.parametrize(
    "number",
    [
        "+44 20 7946 0018",
        "+49 (0)30 901820",
        "+1-984-182-0190",
        "+447700677662",
        "001-518-640-0854",
        "(579)888-3058",
        "905-674-3793",
        "930.167.3943",
        "0490 75 40 81",
        "0171/1234567",
        "(08) 8747 6301",
        "01.23.45.67.89",
        "0961-7596216",
        "+41 44 668 18 00 ext. 12",
    ],
)
def test_phone_numbers_are_hidden_by_their_shape(redaction: Redaction, number: str) -> None:
    said = f"It is {number}, any time."
    hidden = redaction.hide(said)
    assert hidden == "It is PHONE_1, any time."
    assert redaction.restore(hidden) == said


@pytest.mark.parametrize("said", ["call me at 467 3395", "Phone: 60-56-85-91", "my mobile is 5551234", "416 60 039 (office)"])
def test_short_numbers_are_hidden_where_a_word_says_what_they_are(redaction: Redaction, said: str) -> None:
    assert "PHONE_1" in redaction.hide(said)


@pytest.mark.parametrize(
    "said",
    [
        "on 12.11.2026 at 10:30",
        "2026-11-12 10:30",
        "call on 12 11 2026",
        "1999-2003",
        "version 1.2.3.4567",
        "v10.4.12.7001",
        "192.168.100.200",
        "$1 000 000",
        "1 000 000 people",
        "1234567 EUR",
        "ticket 1234567",
        "INC-1234567",
        "#1234567",
        "order no. 123 456 789",
        "3,14159265",
        "3.14159265",
        "1234567890123",
        "ISBN 978-3-16-148410-0",
        "123-45-6789",
        "card number is 6759 8410 3431",
        "call ticket 1234567 a bug",
        "4111 1111 1111 1111",
        "/issues/1234567",
        "Q3 2026: 12 of 34",
    ],
)
def test_dates_versions_prices_and_tickets_stay(redaction: Redaction, said: str) -> None:
    assert redaction.hide(said) == said


# Back again.

PIECES = st.sampled_from(
    [
        *PEOPLE,
        "Ada",
        "Will",
        "PERSON_1",
        "PERSON_2B",
        "WORD_1",
        "EMAIL_1",
        "PHONE_01",
        "a@b.de",
        "+44 20 7946 0018",
        "0490 75 40 81",
        "(",
        ")",
        " ",
        "\n",
        ".",
        "'s",
        "_",
        "-",
        "\u0301",
        "x",
        "1",
        "person_1",
        "PERSON_1X",
    ]
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join))
def test_what_was_hidden_comes_back_exactly(said: str) -> None:
    redaction = Redaction(PEOPLE)
    hidden = redaction.hide(said)
    assert redaction.restore(hidden) == said
    assert redaction.hide(said) == hidden


@given(st.lists(st.lists(PIECES, max_size=8).map("".join), max_size=6))
def test_texts_of_one_turn_share_a_veil(texts: list[str]) -> None:
    redaction = Redaction(PEOPLE)
    hidden = [redaction.hide(said) for said in texts]
    assert [redaction.restore(one) for one in hidden] == texts


def test_only_what_this_veil_hid_is_restored(redaction: Redaction) -> None:
    redaction.hide("Ada Rowntree")
    assert redaction.restore("PERSON_1, PERSON_2, xPERSON_1, PERSON_1x") == "Ada Rowntree, PERSON_2, xPERSON_1, PERSON_1x"
    assert Redaction(PEOPLE).restore("PERSON_1") == "PERSON_1"


def test_a_number_that_a_text_brought_is_given_to_nobody(redaction: Redaction) -> None:
    hidden = redaction.hide("PERSON_1 is how it says; ask Ada Rowntree")
    assert hidden == "WORD_1 is how it says; ask PERSON_2"
    assert redaction.restore(redaction.restore(hidden)) == "PERSON_1 is how it says; ask Ada Rowntree"


def test_many_threads_can_use_one_veil(redaction: Redaction) -> None:
    texts = [f"{name} and mail{n}@example.org" for n in range(20) for name in PEOPLE]
    with ThreadPoolExecutor(8) as threads:
        back = list(threads.map(lambda said: redaction.restore(redaction.hide(said)), texts))
    assert back == texts


# Speed.


def test_ten_thousand_names_cost_a_message_nothing_to_speak_of() -> None:
    chance = random.Random(7)
    syllables = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo za".split()
    people = [" ".join("".join(chance.choices(syllables, k=3)).title() for _ in range(2)) for _ in range(10_000)]
    names = NameFinder(people)
    said = " ".join(f"I met {chance.choice(people)} on +44 20 7946 0018 about the board." for _ in range(25))
    times = []
    for _ in range(9):
        redaction, start = Redaction(names), time.perf_counter()
        assert "PERSON_20" in redaction.hide(said)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.02


@pytest.mark.parametrize(
    "hostile", ["a", "1 ", "(1", "a.", "a@", "a@b.", "+1-", "a'", "PERSON_1 ", "[at]", "a[at]b[dot]", "Ada ", "1-"]
)
def test_no_text_makes_it_slow(hostile: str) -> None:
    said, redaction, start = hostile * (16_000 // len(hostile)), Redaction(["Ada Ada Ada Rowntree"]), time.perf_counter()
    assert redaction.restore(redaction.hide(said)) == said
    assert time.perf_counter() - start < 2
