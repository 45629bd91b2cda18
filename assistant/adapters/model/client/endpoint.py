"""Address and key of the language model, and the model of each task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OPENAI = "https://api.openai.com/v1"
TASKS = ("sharpen", "answer", "brief", "debrief", "thanks", "article")
FORMER_TASKS = frozenset({"understand", "ask", "explain"})
"""Tasks of earlier versions; a model that is chosen for one is ignored."""


@dataclass(frozen=True)
class ModelEndpoint:
    """An empty `base_url` is OpenAI's own. With an `api_version` it is Azure OpenAI, and a model is a deployment name."""

    base_url: str
    api_key: str = field(repr=False)
    model: str
    task_models: Mapping[str, str] = field(default_factory=dict, hash=False)
    api_version: str = ""

    @property
    def url(self) -> str:
        return self.base_url.rstrip("/") or OPENAI

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own address."""
        return self.url == OPENAI

    def model_for(self, task: str) -> str:
        return self.task_models.get(task) or self.model
