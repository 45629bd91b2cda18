"""The particulars that tell one entry of the large base from its near twins."""

from __future__ import annotations

from functools import lru_cache
from random import Random

CITIES = tuple(
    """Aarhus Antwerp Athens Bergen Bilbao Bologna Bordeaux Brno Bucharest Cardiff Cork Dresden Dublin Eindhoven Gdansk
    Geneva Genoa Ghent Glasgow Gothenburg Graz Hamburg Helsinki Innsbruck Izmir Katowice Krakow Leeds Leipzig Lille Linz
    Lisbon Ljubljana Lyon Malaga Malmo Marseille Nantes Naples Odense Oslo Ostrava Oulu Palermo Porto Poznan Prague Riga
    Rotterdam Salzburg Seville Sofia Tallinn Tampere Toulouse Trieste Turin Utrecht Valencia Vilnius""".split()
)
TEAMS = (
    "claims team", "payroll team", "treasury desk", "tax group", "plant maintenance", "inbound logistics", "customer care",
    "field sales", "inside sales", "brand studio", "legal desk", "data platform", "security office", "quality lab",
    "procurement hub", "recruiting team", "learning office", "facilities crew", "pricing group", "product design",
    "release team", "audit office", "works council office", "fundraising desk", "events team", "export desk",
    "returns centre", "planning office", "research group", "night shift",
)  # fmt: skip
LEADS = (
    "In {city} the {team} agreed this for {system}.",
    "Agreed with the {team} in {city} when {system} was introduced:",
    "For {system}, this is how the {team} works in {city}.",
    "After last year's review of {system} the {team} in {city} wrote down:",
)
ASKS = (
    "Does anybody know", "What is our rule on", "I am stuck with", "Is there something written on", "What do others do about",
)  # fmt: skip
ROLES = (
    "Team Lead", "Senior Analyst", "Programme Manager", "Engineer", "Controller", "Product Owner", "Designer", "Consultant",
    "Plant Manager", "Account Manager",
)  # fmt: skip
SENTENCES = (
    "On {system} I learned this: {subject}.",
    "When we moved {system} to {city}: {subject}.",
    "What I show people in {city} is {system}; {subject}.",
    "Two years of {system} taught me one thing, {subject}.",
)
OTHER_WORDS = {
    "agree": "settle", "agreed": "settled", "answer": "reply", "answers": "replies", "average": "mean", "budget": "funds",
    "buy": "purchase", "call": "phone", "change": "modify", "changed": "modified", "changes": "modifications", "check": "verify",
    "choose": "pick", "client": "customer", "colleague": "coworker", "colleagues": "coworkers", "company": "firm",
    "costs": "expenses", "customers": "clients", "date": "day", "decide": "make up our mind",
    "decision": "choice", "delete": "remove", "difference": "gap", "document": "paper", "email": "mail", "error": "mistake",
    "errors": "mistakes", "example": "sample", "explain": "make clear", "fail": "break", "fails": "breaks", "figure": "number",
    "figures": "numbers", "file": "document", "finish": "complete", "fix": "repair", "goal": "aim", "growth": "increase",
    "hire": "recruit", "idea": "thought", "important": "crucial", "invoice": "bill", "job": "position", "large": "big",
    "late": "overdue", "list": "register", "manager": "boss", "meeting": "appointment", "mentor": "adviser", "minutes": "min",
    "mistake": "error", "month": "four weeks", "months": "quarters", "name": "label", "number": "count", "numbers": "figures",
    "offer": "proposal", "office": "site", "often": "frequently", "order": "purchase", "owner": "person in charge",
    "person": "somebody", "plan": "schedule", "price": "rate", "problem": "trouble", "problems": "troubles", "question": "query",
    "questions": "queries", "reader": "audience", "reason": "cause", "report": "summary", "request": "wish", "result": "outcome",
    "results": "outcomes", "review": "inspection", "risk": "danger", "rows": "records", "rule": "principle", "sale": "deal",
    "send": "mail", "sentence": "statement", "session": "appointment", "show": "present", "shows": "presents", "slide": "page",
    "slides": "pages", "small": "little", "start": "begin", "supplier": "vendor", "suppliers": "vendors", "table": "grid",
    "talk": "conversation", "task": "assignment", "team": "group", "test": "trial", "text": "wording", "value": "amount",
    "values": "amounts", "version": "edition", "week": "seven days", "work": "labour", "write": "note down", "wrong": "incorrect",
}  # fmt: skip


@lru_cache(maxsize=1)
def systems() -> tuple[str, ...]:
    """503 invented names of systems, a prime number so that steps through them meet all."""
    dice = Random(5)
    found: dict[str, None] = {}
    while len(found) < 503:
        syllables = [dice.choice("BCDFGKLMNPRSTVZ") + dice.choice("aeiou") for _ in range(dice.choice((2, 3)))]
        found.setdefault("".join(syllables).capitalize() + dice.choice(("n", "r", "x", "lis", "rex", "mo", "sta")))
    return tuple(found)
