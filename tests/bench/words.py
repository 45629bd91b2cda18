"""What the people of a crowd say: requests as they come, answers, and what is written in a thread."""

from __future__ import annotations

OPENINGS = (
    "Could someone who has run a supplier negotiation look at my counter offer for 30 minutes before Friday? I compared three "
    "quotes. Success is a walk-away price. We are renewing the packaging contract.",
    "I need help with my board deck.",
    "My formula does not work.",
    "I have to give a talk and I am nervous about it.",
    "How do I structure the first ten minutes of a project kickoff when nobody knows each other? It is for a new CRM rollout.",
    "We lose every second renewal and I do not know why. I tried discounts last quarter.",
    "I am new as a team lead and two of my team used to be my peers. I want the first one-to-ones to go well by next Monday.",
    "My pivot table shows old numbers after I refresh it, I already rebuilt it once.",
    "Can somebody from treasury look at a covenant headroom table with me for 20 minutes? It is for the reforecast, I tried last "
    "year's template, success is a number the CFO believes.",
    "A supplier wants an index clause in the contract and legal is slow.",
    "What is the weather in Lagos tomorrow?",
    "A query takes forty seconds since the migration. The plan shows a sequential scan, I added an index already.",
)
FOLLOW_UPS = (
    "I tried last year's version and it was too long.", "It should be done by the end of next week.",
    "Success is that they say yes in the meeting.", "It is for the new steering committee.", "Not sure yet.",
    "Half an hour with somebody who has done it before would be best.", "I talked to my manager, she had no time.",
)  # fmt: skip
THREAD = (
    "Thank you, here is what I have: three options and a table with the costs.", "That helps. I will try the second one first.",
    "One more question: who should see it before it goes out?",
)  # fmt: skip
ADVICE = (
    "Begin with what you want them to decide, then show only what they need for it.",
    "Send me the one page that worries you most, I will mark what I would leave out.",
    "Write down what you would accept before you call them.",
)
MORE = "What have you decided already, and what is still open?"
