"""One person alone at the page: questions with chips, an answer from the base, nothing known, a person at once, a hard matter."""

from __future__ import annotations

from collections.abc import Callable

from assistant.domain import stages as s
from tests.browser.scenes import Stage, done
from tests.browser.visitor import Visitor

CHART = (
    "How do I choose a chart for survey results on a 5-point scale? How do I present them to the board? How do I get people to "
    "answer the next survey?"
)
PRICE = (
    "How do I open the price talk about my counter offer on Thursday? I compared three quotes. Success is a walk-away price. "
    "We are renewing the packaging contract."
)
DRONE = (
    "I have to get a permit to fly a drone over our warehouse roof for an inspection before May. I read the aviation rules. "
    "Success is a permit in hand."
)
PATH = "Where do I want to be in five years? I do not know whether to become a manager or stay an expert."
HARD = "My manager keeps shouting at me in front of the team and I am afraid to go to work."
Visit = Callable[..., Visitor]


def stage_of(record: Stage, visitor: Visitor) -> s.Stage:
    return done(record.app.services.request_views.read(record.actor(visitor.login), visitor.request)).stage


def questions_asked(visitor: Visitor) -> int:
    """How often something was asked that one could choose an answer for or skip."""
    return visitor.count(".options")


def test_vague_words_become_a_question_that_the_base_answers(visit: Visit, record: Stage) -> None:
    kofi = visit("kofi")
    kofi.see("Hello. What is blocking you this week?")
    kofi.page.locator(".example").first.click()
    assert "presenting to leadership" in kofi.page.input_value("#words")
    assert "Which comes first" in kofi.say(CHART)
    chips = kofi.page.locator(".options .chip-button").all_inner_texts()
    assert len(chips) >= 3
    assert chips[-2:] == ["something else", "skip"]
    kofi.open("why I ask")
    assert kofi.page.locator("#why p").is_visible()
    kofi.press("something else")
    assert kofi.page.evaluate("document.activeElement.id") == "words"
    kofi.choose(chips[0])
    assert chips[0] in kofi.page.locator(".from-me").last.inner_text()
    while kofi.count(".options"):
        kofi.choose("skip")
    assert kofi.count(".from-me") <= 4
    assert kofi.page.locator("[aria-current=step]").inner_text() == "Know"
    passage = kofi.text(".passage blockquote")
    kofi.page.locator(".passage a").first.click()
    kofi.page.wait_for_selector("dialog[open] #quote")
    marked = kofi.page.locator("dialog mark").all_inner_texts()
    assert " ".join(" ".join(marked).split()) == " ".join(passage.strip("“”").split())
    kofi.page.keyboard.press("Escape")
    asked = kofi.page.url
    kofi.press("That solved it")
    kofi.see("Closed: solved by the knowledge base.")
    assert stage_of(record, kofi) == s.Closed(s.Outcome.SELF_SERVED)
    kofi.page.reload()
    kofi.ready()
    assert kofi.page.url == asked
    kofi.see("Closed: solved by the knowledge base.")
    assert kofi.count("[data-act=solved]") == kofi.count("[data-act=withdraw]") == 0
    kofi.see("Start a new request").click()
    kofi.see("Hello. What is blocking you this week?")
    assert kofi.request == ""


def test_a_specific_request_is_not_questioned_and_can_be_corrected_and_withdrawn(visit: Visit, record: Stage) -> None:
    yuto = visit("yuto")
    assert "no questions" in yuto.say(PRICE)
    assert questions_asked(yuto) == 0
    assert yuto.count(".person") == 3
    yuto.see("three quotes", within="[data-region=slots]")
    yuto.page.locator("#edit-outcome summary").click()
    yuto.page.fill("#slot-outcome", "A price we can leave the table with")
    yuto.press("Save", within="#edit-outcome")
    yuto.see("A price we can leave the table with", within="[data-region=slots] .slot-value")
    yuto.page.fill("#question", "What is the lowest price that I can accept?")
    yuto.press("Confirm")
    yuto.see("What is the lowest price that I can accept?", within="p.question")
    assert stage_of(record, yuto) == s.Ready("What is the lowest price that I can accept?")
    yuto.draft(1)
    yuto.see("A price we can leave the table with", within="[data-region=draft]")
    disabled = yuto.page.locator("[data-act=approve]")
    assert disabled.get_attribute("aria-disabled") == "true"
    disabled.click(force=True)
    assert isinstance(stage_of(record, yuto), s.Briefing)
    yuto.open("Withdraw this request")
    yuto.press("Withdraw it")
    yuto.see("Closed: withdrawn by you.")
    assert stage_of(record, yuto) == s.Closed(s.Outcome.WITHDRAWN)


def test_what_the_base_does_not_know_has_no_reference(visit: Visit) -> None:
    hester = visit("hester")
    answer = hester.say(DRONE)
    while hester.count(".options"):
        answer = hester.choose("skip")
    assert "found nothing about this" in answer
    assert hester.count(".passage") == 0
    assert hester.count("[data-act=solved]") == 0


def test_a_person_at_once_through_the_bar_of_another_page(visit: Visit, record: Stage) -> None:
    joao = visit("joao", "/requests")
    joao.page.locator(".bar").get_by_role("button", name="Talk to a person").click()
    joao.page.wait_for_selector(".person")
    assert questions_asked(joao) == 0
    assert joao.count(".passage") == 0
    assert joao.count(".from-me") == 1
    joao.draft()
    joao.approve()
    assert isinstance(stage_of(record, joao), s.Offered)
    assert "person=1" not in joao.page.url


def test_a_hard_matter_names_people_and_sends_nothing(visit: Visit, record: Stage) -> None:
    megan = visit("megan")
    answer = megan.say(HARD)
    assert "Fair Treatment Office: Internal phone 4410" in answer
    assert questions_asked(megan) == 0
    assert megan.count(".passage") == megan.count(".person") == megan.count("[data-act=choose]") == 0
    megan.see("Closed: referred to the people named above. Write a work question to go on.")
    assert stage_of(record, megan) == s.Closed(s.Outcome.REFERRED)
    request = done(record.app.services.request_views.read(record.actor("megan"), megan.request))
    assert request.need.slots == {}
    with record.app.engine.connect() as open_store:
        sent = open_store.exec_driver_sql("select count(*) from outbox where request_id = ?", (megan.request,)).scalar()
    assert sent == 0


def test_a_longer_path_is_named_with_its_desk_and_one_first_step(visit: Visit, record: Stage) -> None:
    amara = visit("amara")
    answer = amara.say(PATH)
    assert "longer path than one session" in answer
    assert "Learning and Development" in answer
    assert "in five years" in amara.page.input_value("#question")
    assert amara.count(".person") > 0
    proposed = stage_of(record, amara)
    assert isinstance(proposed, s.Sharpening)
    assert proposed.proposed == amara.page.input_value("#question")
