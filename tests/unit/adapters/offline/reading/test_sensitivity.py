"""What belongs to the organisation's contacts: danger to life by its words, the rest by words that the model agrees with."""

from __future__ import annotations

import time

import pytest

from assistant.adapters.offline.reading.sensitivity import ALONE, NOBODY, Concern, concern
from assistant.dialogue.understanding import TOPICS

ORDINARY = NOBODY
"""What the model makes of an ordinary message."""


def spread(felt: float) -> dict[str, float]:
    """A model that finds a message sensitive with this probability, and does not know which topic it is."""
    names = ("danger", *TOPICS[1:])
    return {"none": 1 - felt, **dict.fromkeys(names, felt / len(names))}


def sees(topic: str, chance: float) -> dict[str, float]:
    return {"none": 1 - chance, topic: chance}


UNSURE, SENSITIVE = spread(0.3), spread(0.99)
"""What the model makes of a message that may be sensitive, and of one that surely is."""


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "He said he doesn't want to live any more",
        "my colleague hanged himself last year and I found him",
        "she took a whole box of sleeping pills",
        "A colleague collapsed in the canteen and is not breathing",
        "he passed out, I can't wake him",
        "there is blood everywhere, he cut off his finger",
        "a guest is having a seizure",
        "my chest is so tight and my left arm is numb",
        "a customer is choking",
        "the driver has a pain in his chest and jaw",
        "it smells of gas in the cellar",
        "there's a fire on the second floor",
        "someone has a knife and is shouting",
        "Last month a man fell off the scaffold in front of me",
        "they are beating each other up outside",
        "my husband hits me",
        "an apprentice got an electric shock and is lying there",
        "he drank some of the drain cleaner",
        "call an ambulance please",
    ],
)
def test_danger_to_life_is_recognised_by_its_words_alone(text: str) -> None:
    assert concern(text, ORDINARY) == Concern("crisis")
    assert concern(text, ORDINARY, reply=True) == Concern("crisis")


@pytest.mark.parametrize(
    "text",
    [
        "kill the pod and drain the node",
        "worker killed by signal 9, child process died, oom killer",
        "the client crashes and the worker process dies",
        "I'm dying to see the numbers",
        "the deadline is killing me",
        "my boss will kill me if the slides are late",
        "the heart of the system is a mainframe",
        "bleeding edge tooling for our data platform",
        "our pipeline is bleeding, how do I qualify harder",
        "how do I fire a person fairly",
        "our production database is on fire since the release",
        "fire drill for a night shift of nine",
        "old code that is dead and toxic",
        "dead leads in the CRM",
        "the scanner gun keeps dying",
        "a shot across the bows",
        "the campaign bombed",
        "debrief after a cardiac arrest",
        "suicide prevention poster, which layout",
        "who runs the first aid course",
        "a talk on workplace violence",
        "the talk gives me a heart attack every time",
        "station six chokes every afternoon",
    ],
)
def test_words_of_danger_in_ordinary_work_are_none(text: str) -> None:
    assert concern(text, ORDINARY) == Concern()


@pytest.mark.parametrize(
    "text",
    [
        "my ex said he'll kill me if I tell anyone",
        "a worker is bleeding in hall 3",
        "a client is choking in the meeting room",
        "nail gun accident, the nail went through his hand",
        "the forklift battery is on fire",
        "he says he will kill his children",
        "someone is drowning in the dock",
    ],
)
def test_the_words_of_ordinary_work_hide_no_danger(text: str) -> None:
    assert concern(text, ORDINARY).topic == "crisis"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("My boss bullies me and my wife says I should quit", "harassment"),
        ("the intern is being harassed by two men of the night shift", "harassment"),
        ("he keeps touching the women in the office", "harassment"),
        ("they make fun of her accent every day", "harassment"),
        ("a colleague was passed over because of her headscarf", "harassment"),
        ("the foreman called him a faggot", "harassment"),
        ("I am completely burnt out", "burnout"),
        ("no strength left", "burnout"),
        ("I want to file a grievance against my manager", "confidential"),
        ("can I speak with somebody in confidence about my boss", "confidential"),
        ("my director takes bribes, he gets money from the supplier", "confidential"),
    ],
)
def test_clear_words_name_their_contact_by_themselves_only_in_a_short_message(text: str, topic: str) -> None:
    assert concern(text, UNSURE) == concern(text, ORDINARY) == Concern(topic)
    longer = f"{text}, and then we went on with the plan for the trade fair in the spring as if it had been nothing"
    assert concern(longer, UNSURE).topic == topic
    assert concern(longer, ORDINARY) == Concern()


def test_a_danger_word_in_a_long_ordinary_message_names_the_number_beside_the_answer() -> None:
    told = "the bride stepped on a glass and there is a lot of blood everywhere on the silk dress, hem and left sleeve. "
    text = told + "She wants it like new for the photographs, and I do not dare to use an enzyme. What would you try first?"
    assert concern(text, ORDINARY) == Concern("", doubtful=True, urgent=True)


def test_the_model_names_the_topic_where_its_words_belong_to_two() -> None:
    text = "I want to file a grievance against my manager"
    assert concern(text, sees("grievance", 0.8)).topic == "grievance"
    assert concern("a colleague was passed over because of her headscarf", sees("discrimination", 0.8)).topic == "discrimination"


@pytest.mark.parametrize("topic", TOPICS[1:])
def test_a_topic_of_which_the_model_is_sure_needs_no_words(topic: str) -> None:
    assert concern("it happened again this morning", sees(topic, 0.9)) == Concern(topic)


def test_danger_needs_less_certainty_than_any_other_topic() -> None:
    text = "it happened again this morning"
    assert concern(text, sees("danger", ALONE["crisis"] + 0.01)) == Concern("crisis")
    for topic in TOPICS[1:]:
        assert concern(text, sees(topic, ALONE["crisis"] + 0.01)) == Concern(doubtful=True)


def test_danger_goes_before_everything_else() -> None:
    text = "I am burnt out, my boss bullies me, I want to file a grievance against him and I want to die"
    assert concern(text, SENSITIVE) == Concern("crisis")


def test_two_weaker_words_need_the_model() -> None:
    text = "everyone laughed at the way it was said in front of the team"
    assert concern(text, ORDINARY) == Concern()
    assert concern(text, SENSITIVE) == Concern("harassment")


@pytest.mark.parametrize(
    "text", ["something happened at the summer party", "stage fright before Thursday", "I trust both of them"]
)
def test_what_the_model_alone_takes_for_perhaps_sensitive_is_a_doubt(text: str) -> None:
    assert concern(text, spread(0.5)) == Concern(doubtful=True)
    assert concern(text, ORDINARY) == Concern()


def test_two_topics_that_are_as_near_are_a_doubt() -> None:
    assert concern("tired, and they never invited me", spread(0.6)) == Concern(doubtful=True)


def test_a_word_of_danger_that_the_model_takes_for_ordinary_is_a_doubt() -> None:
    assert concern("an overdose", ORDINARY) == Concern(doubtful=True)
    assert concern("an overdose", SENSITIVE) == Concern("crisis")


def test_in_a_short_reply_the_model_is_not_heard() -> None:
    assert concern("they come to my desk all day", SENSITIVE, reply=True) == Concern()
    long = "they come to my desk all day, and when I ask them to stop they laugh and go on"
    assert concern(long, sees("harassment", 0.97), reply=True) == Concern("harassment")
    assert concern(long, sees("harassment", 0.9), reply=True) == Concern()


@pytest.mark.parametrize(
    "unit", ["a", "he ", "boss told me to ", "kill the ", "if i do not want to ", "my my ", "' ", "she is very "]
)
def test_a_long_text_is_read_in_a_bounded_time(unit: str) -> None:
    concern("", SENSITIVE)
    started = time.process_time()
    concern((unit * 16_000)[:16_000], SENSITIVE)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "text",
    [
        "Half the handhelds drop wifi and my shift leads are shouting at me. How do I run a joint test with the vendor?",
        "the sales director was yelling at me about the forecast, how do I build a rolling forecast?",
        "everyone is shouting at us because the build is red, how do I find the flaky test?",
    ],
)
def test_shouting_mentioned_in_a_work_question_is_no_harassment(text: str) -> None:
    assert concern(text, ORDINARY) == Concern()
    assert concern("my manager shouts at me every day in front of everyone", SENSITIVE).topic == "harassment"
