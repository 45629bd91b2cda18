"""Reads all settings from environment variables with the prefix ASKWELL_, or from a file named .env."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.hosts import host_name, host_of, is_loopback

if TYPE_CHECKING:
    from assistant.adapters.model.client.endpoint import ModelEndpoint
    from retrieval.embedding.endpoint import Endpoint


Dollars = Annotated[float, Field(ge=0, le=100_000)]


class Settings(BaseSettings):
    """The settings of an installation; the table in the documentation is tested against these fields."""

    model_config = SettingsConfigDict(env_prefix="ASKWELL_", env_file=".env", extra="ignore")

    data: Path = Field(Path("var"), description="Folder for the database and the indexes.")
    database_url: str = Field("", description="SQLAlchemy URL; empty: `askwell.db` in the data folder.")
    knowledge: Path | None = Field(None, description="Folder with articles, mentors and people; empty: the starter content.")
    host: str = Field("127.0.0.1", description="Address that the web server binds.")
    port: int = Field(7860, ge=1, le=65535, description="Port of the web server.")
    public_url: str = Field("http://127.0.0.1:7860", description="Address that people use, for links in notes.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="More host names to answer at, separated by commas, beside those of the public address and of this machine.",
    )
    embedder: Literal["minilm", "wordllama", "openai"] = Field(
        "minilm", description="Embedding model of a fresh data folder; later `askwell reindex --embedder` changes it."
    )
    embedding_base_url: str = Field("", description="OpenAI-compatible endpoint of the embedder `openai`; empty: OpenAI's own.")
    embedding_api_key: SecretStr = Field(
        SecretStr(""), description="Key of that endpoint; empty: `OPENAI_API_KEY`, which is sent to OpenAI's own address alone."
    )
    embedding_model: str = Field("text-embedding-3-small", min_length=1, description="Embedding model at that endpoint.")
    embedding_dimension: int = Field(
        0, ge=0, le=8192, description="Numbers a text of that model; 0: its own, which is known for OpenAI's models."
    )
    llm_base_url: str = Field("", description="OpenAI-compatible endpoint of the language model; empty: OpenAI's own.")
    llm_api_key: SecretStr = Field(
        SecretStr(""), description="Key of that endpoint; empty: `OPENAI_API_KEY`, which is sent to OpenAI's own address alone."
    )
    llm_api_version: str = Field("", description="For Azure OpenAI: its `api-version`; a model is the name of a deployment then.")
    llm_model: str = Field("", description="Language model at that endpoint; empty: offline.")
    llm_task_models: Annotated[dict[str, str], NoDecode] = Field(
        {}, description='Models for single tasks, as JSON: `{"sharpen": "a-small-model"}`.'
    )
    llm_seconds: float = Field(
        7.5, ge=1, le=120, description="Seconds that one turn may wait for the language model; 7.5 answers it within 8."
    )
    llm_context: int = Field(8192, ge=1024, le=2_000_000, description="Tokens that fit into the language model.")
    llm_calls: int = Field(96, ge=1, le=1000, description="Calls of the model at once; more are answered offline.")
    llm_person_tokens: int = Field(
        200_000, ge=0, description="Tokens a person may use in a day (UTC); then it is offline for them. 0: no limit."
    )
    llm_day_tokens: int = Field(0, ge=0, description="Tokens that everybody together may use in a day; 0: no limit.")
    llm_prices: Annotated[dict[str, tuple[Dollars, Dollars, Dollars]], NoDecode] = Field(
        default_factory=dict,
        description="JSON: model -> [input, output, cached], US dollars per million tokens, for the curators' table.",
    )
    demo: bool | Literal["public"] = Field(
        True,
        description="Sample people may be acted as without a password, on this machine alone; "
        "`public`: anywhere, without the rights of curators and administrators.",
    )
    known_threshold: float | None = Field(
        None, ge=0, le=1, description="Strength from which the base answers; empty: the calibrated one."
    )
    offer_hours: int = Field(48, ge=1, le=720, description="Hours a mentor has to answer an offer.")
    more_hours: int = Field(48, ge=1, le=720, description="Hours a mentee has to answer one more thing.")
    messages_per_minute: int = Field(20, ge=0, le=10_000, description="Messages a person may send in a minute; 0: no limit.")
    sign_in_hours: int = Field(12, ge=1, le=720, description="Hours until a sign-in in the browser ends.")

    @field_validator("llm_prices", mode="before")
    @classmethod
    def _prices_from_json(cls, value: object) -> object:
        found = _from_json(value)
        if not isinstance(found, dict) or not all(isinstance(row, list | tuple) and len(row) == 3 for row in found.values()):
            raise ValueError('write JSON such as {"a-model": [0.15, 0.6, 0.075]}')
        return found

    @field_validator("demo", mode="before")
    @classmethod
    def _demo_mode(cls, value: object) -> object:
        known = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
        found = {**known, "public": "public"}.get(str(value).strip().lower())
        if found is None:
            raise ValueError("write true, false or public")
        return found

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _host_names(cls, value: object) -> object:
        given = [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value
        if not isinstance(given, list | tuple) or not all(isinstance(name, str) and host_name(name) for name in given):
            raise ValueError("write host names such as askwell.example.org, separated by commas")
        return tuple(host_name(name) for name in given)

    @field_validator("data", "knowledge", mode="after")
    @classmethod
    def _expanded(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None

    @field_validator("llm_base_url")
    @classmethod
    def _address(cls, url: str) -> str:
        parts = urlsplit(url.strip())
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("write an address such as http://127.0.0.1:11434/v1")
        return url.strip()

    @field_validator("llm_model")
    @classmethod
    def _has_a_key(cls, model: str, info: ValidationInfo) -> str:
        base, key = info.data.get("llm_base_url", ""), info.data.get("llm_api_key", SecretStr(""))
        if model and "llm_base_url" in info.data and not (base or _own_key(base, key)):
            raise ValueError("with no address the model is at OpenAI, which needs a key: set ASKWELL_LLM_API_KEY")
        if not base and info.data.get("llm_api_version"):
            raise ValueError("ASKWELL_LLM_API_VERSION is for Azure: set ASKWELL_LLM_BASE_URL to your resource there")
        return model.strip()

    @field_validator("llm_task_models", mode="before")
    @classmethod
    def _task_models_from_json(cls, given: object) -> object:
        from assistant.adapters.model.client.endpoint import FORMER_TASKS, TASKS

        found = _from_json(given)
        usable = isinstance(found, dict) and all(isinstance(name, str) and name for name in found.values())
        if not isinstance(found, dict) or not usable or set(found) - set(TASKS) - FORMER_TASKS:
            raise ValueError(f'write JSON such as {{"sharpen": "a-model"}}; the tasks are {", ".join(TASKS)}')
        return {task: name for task, name in found.items() if task not in FORMER_TASKS}

    @property
    def model_endpoint(self) -> ModelEndpoint | None:
        """The endpoint of the language model; None for offline mode."""
        from assistant.adapters.model.client.endpoint import ModelEndpoint

        if not self.llm_model:
            return None
        key = _own_key(self.llm_base_url, self.llm_api_key)
        return ModelEndpoint(self.llm_base_url, key, self.llm_model, self.llm_task_models, self.llm_api_version)

    @property
    def is_demo_exposed(self) -> bool:
        """Whether people on other machines could act as the sample administrator."""
        return self.demo is True and not (is_loopback(self.host) and is_loopback(host_of(self.public_url)))

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.data.resolve() / 'askwell.db'}"

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint of the embedder `openai`."""
        from retrieval.embedding.endpoint import Endpoint

        key = _own_key(self.embedding_base_url, self.embedding_api_key)
        return Endpoint(self.embedding_base_url, self.embedding_model, key, self.embedding_dimension)

    @property
    def offer_time(self) -> timedelta:
        return timedelta(hours=self.offer_hours)

    @property
    def more_time(self) -> timedelta:
        return timedelta(hours=self.more_hours)

    @property
    def sign_in_time(self) -> timedelta:
        return timedelta(hours=self.sign_in_hours)


def _own_key(base_url: str, key: SecretStr) -> str:
    """The key that was set; without one, OPENAI_API_KEY, but only for OpenAI's own address."""
    return key.get_secret_value() or ("" if base_url else os.environ.get("OPENAI_API_KEY", ""))


def _from_json(given: object) -> object:
    """The value of a setting that is written as JSON; None if it cannot be read."""
    try:
        return json.loads(given or "{}") if isinstance(given, str) else given
    except ValueError:
        return None
