"""What the laboratory measures: by name the layout of its set and its runner."""

from __future__ import annotations

from assistant.evaluation import Measures
from assistant.evaluation.figures import Report
from assistant.evaluation.job import Job
from assistant.evaluation.sets import Layout


def run_exposure(job: Job) -> Report:
    from tests.evals.lab.exposure import evaluate_exposure

    return evaluate_exposure(job)


def run_dialogue(job: Job) -> Report:
    """Every scenario played once by each policy of asking; the figures are those of the product's own."""
    from tests.evals.lab.dialogue import evaluate_dialogue

    return evaluate_dialogue(job)


def run_tokens(job: Job) -> Report:
    """What a language model reads and writes for one request, beside sending it the whole transcript each time."""
    from tests.evals.lab.tokens import evaluate_tokens

    return evaluate_tokens(job)


def run_mentees(job: Job) -> Report:
    from tests.evals.lab.mentees import evaluate_mentees

    return evaluate_mentees(job)


def run_resist(job: Job) -> Report:
    """Every attack in every position, with a model that obeys it and without one; then the ordinary questions beside them."""
    from tests.evals.lab.resist import evaluate_resist

    return evaluate_resist(job)


def run_sensitive(job: Job) -> Report:
    """Who is sent to which contact, and who for nothing."""
    from tests.evals.lab.sensitive import evaluate_sensitive

    return evaluate_sensitive(job)


SCENARIOS = Layout("scenarios", (("scenarios.jsonl",),))
ATTACKS = Layout(
    "prompt_injection", (("direct_attacks.jsonl", "indirect_instructions.jsonl", "benign.jsonl"),), own="own grammar"
)  # fmt: skip
EXPOSURE = Layout(
    "exposure", (("queries.jsonl", "qrels.tsv"),), golden=Layout("experts", (("queries.jsonl", "qrels.tsv"),))
)  # fmt: skip
MEASURES: Measures = {
    "exposure": (EXPOSURE, run_exposure),
    "dialogue": (SCENARIOS, run_dialogue),
    "tokens": (SCENARIOS, run_tokens),
    "mentees": (Layout("mentees", (("mentees.jsonl",),)), run_mentees),
    "resist": (ATTACKS, run_resist),
    "sensitive": (Layout("sensitive", (("messages.jsonl",),)), run_sensitive),
}
LAYOUTS = {name: layout for name, (layout, _) in MEASURES.items()}
