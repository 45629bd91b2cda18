"""A chat model behind an OpenAI-compatible endpoint, through LangChain: OpenAI, Azure, Ollama, vLLM, llama.cpp, LM Studio.

A structured answer is asked for on the rung that worked last: json_schema, json_mode, or a prompt alone. An endpoint that
refuses a rung, or whose answer on it is of no use, is asked on the next one below, and at the end once more with what is wrong;
so a call asks four times at most, all within its seconds. We look at the form ourselves, whatever the endpoint promises.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from assistant.adapters.model.chat import Call, ModelFailed, Spend, T
from assistant.adapters.model.endpoint import ModelEndpoint
from assistant.adapters.model.faults import declines, failure_of, names
from assistant.adapters.model.metering import Meter
from assistant.adapters.model.openai_client import LateClient
from assistant.adapters.model.reading import AGAIN, Unusable, instruction, read, schema_of
from assistant.adapters.model.rungs import Rung, Rungs

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai.chat_models.base import BaseChatOpenAI
    from pydantic import BaseModel

CONNECT_SECONDS = 3.0
MOST_REPEATED = 8_000
"""Characters of an answer that is sent back to be corrected."""
Messages = Sequence[tuple[str, str]]


class _Declined(Exception):
    """The endpoint does not take this form of request."""


@dataclass(frozen=True)
class _Wish:
    """One call on its way: whom it asks, until when, and who is told what it costs."""

    call: Call
    model: str
    end: float
    spend: Spend

    @property
    def left(self) -> float:
        """Seconds. Raises ModelFailed when there are none."""
        seconds = self.end - time.monotonic()
        if seconds <= 0:
            raise ModelFailed("late")
        return seconds


class OpenAIChat:
    """Nothing is loaded or connected before the first call (or `warm`). Safe for many threads."""

    def __init__(self, endpoint: ModelEndpoint, rungs: Rungs) -> None:
        self._endpoint, self._rungs = endpoint, rungs
        self._client = LateClient(endpoint)

    def warm(self) -> None:
        """Begins to load the client in the background."""
        self._client.start()

    def ready(self, seconds: float) -> None:
        """Waits until the client is loaded. Raises ModelFailed if it is not by then."""
        self._client.get(seconds)

    def close(self) -> None:
        """Lets go of the connections; later calls fail as unreachable."""
        self._client.close()

    def rung(self, task: str = "") -> Rung:
        """The first rung that a call of this task takes."""
        return self._rungs.manner(self._endpoint.url, self._endpoint.model_for(task)).rung

    def structured(self, call: Call, shape: type[T], spend: Spend) -> T:
        wish, last = self._wish(call, spend), ModelFailed("fault")
        said: Messages = ()
        for rung in self._rungs.manner(self._endpoint.url, wish.model).ladder:
            said = _messages(call, shape, rung)
            try:
                text = self._asked(wish, said, _format(shape, rung))
                return self._kept(wish, rung, read(text, shape))
            except _Declined:
                last = ModelFailed("fault")
            except Unusable as no:
                last, said = ModelFailed(no.why), _again(said, text, no)
        if last.why not in ("unreadable", "wrong_shape"):
            raise last
        return self._repaired(wish, said, shape)

    def stream(self, call: Call, spend: Spend) -> Iterator[str]:
        return self._pieces(self._wish(call, spend))

    def _wish(self, call: Call, spend: Spend) -> _Wish:
        return _Wish(call, self._endpoint.model_for(call.task), time.monotonic() + call.seconds, spend)

    def _kept(self, wish: _Wish, rung: Rung, found: T) -> T:
        self._rungs.keep(self._endpoint.url, wish.model, rung)
        return found

    def _repaired(self, wish: _Wish, said: Messages, shape: type[T]) -> T:
        try:
            return self._kept(wish, "prompt", read(self._asked(wish, said, {}), shape))
        except Unusable as no:
            raise ModelFailed(no.why) from None
        except _Declined:
            raise ModelFailed("fault") from None

    def _asked(self, wish: _Wish, said: Messages, form: dict[str, Any]) -> str:
        """The words of one answer. Raises ModelFailed and _Declined."""
        meter = Meter(wish.model, said, wish.spend)
        model = self._client.get(wish.left)
        while True:
            manner = self._rungs.manner(self._endpoint.url, wish.model)
            options = self._options(wish, form, manner.temperature)
            try:
                answer = _invoked(model, said, options)
                break
            except Exception as error:  # whatever an answer provokes in the SDK becomes a code of ours
                if not self._may_go_on(wish, error, manner.temperature):
                    failure, declined = failure_of(error), declines(error)
                    meter.broke(failure)
                    raise (_Declined() if declined else failure) from None
        meter.add(answer)
        meter.settle()
        if meter.finish == "length":
            raise ModelFailed("cut")
        if meter.finish == "content_filter":
            raise ModelFailed("empty")
        return meter.text

    def _may_go_on(self, wish: _Wish, error: Exception, temperature: bool) -> bool:
        """Whether all that was wrong was the temperature, which is left out from now on."""
        if not temperature or not declines(error) or not names(error, "temperature"):
            return False
        self._rungs.without_temperature(self._endpoint.url, wish.model)
        return True

    def _options(self, wish: _Wish, form: dict[str, Any], temperature: bool) -> dict[str, Any]:
        from openai import Timeout

        seconds, extra = wish.left, dict(form)
        options: dict[str, Any] = {
            "model": wish.model,
            "timeout": Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
            "config": {"callbacks": []},
        }
        if temperature:
            options["temperature"] = 0
        if self._endpoint.is_openai or self._endpoint.api_version:
            options["max_tokens"] = wish.call.most_tokens
        else:
            extra["max_tokens"] = wish.call.most_tokens  # local servers know no max_completion_tokens
        return {**options, "extra_body": extra} if extra else options

    def _pieces(self, wish: _Wish) -> Iterator[str]:
        said = (("system", wish.call.system), ("user", wish.call.user))
        meter, model = Meter(wish.model, said, wish.spend), self._client.get(wish.left)
        try:
            with closing(self._chunks(wish, model, said)) as chunks:
                for chunk in chunks:
                    piece = meter.add(chunk)
                    if time.monotonic() > wish.end:
                        raise ModelFailed("late")
                    if piece:
                        yield piece
        except Exception as error:  # as above
            failure = failure_of(error)
            meter.broke(failure)
            raise failure from None
        finally:
            meter.settle()
        _check_end(meter)

    def _chunks(self, wish: _Wish, model: BaseChatOpenAI, said: Messages) -> Generator[AIMessage]:
        manner = self._rungs.manner(self._endpoint.url, wish.model)
        try:
            yield from _streamed(model, said, self._options(wish, {}, manner.temperature))
        except Exception as error:
            if not self._may_go_on(wish, error, manner.temperature):
                raise
            yield from _streamed(model, said, self._options(wish, {}, temperature=False))


def _check_end(meter: Meter) -> None:
    """Raises ModelFailed for a stream that ended without having come to its end."""
    if meter.finish in ("length", ""):
        raise ModelFailed("cut")
    if meter.finish == "content_filter" or not meter.text.strip():
        raise ModelFailed("empty")


def _messages(call: Call, shape: type[BaseModel], rung: Rung) -> Messages:
    told = call.system if rung == "json_schema" else f"{call.system}\n\n{instruction(shape)}"
    return (("system", told), ("user", call.user))


def _again(said: Messages, text: str, no: Unusable) -> Messages:
    return (*said, ("assistant", text[:MOST_REPEATED]), ("user", AGAIN.format(problem=no.problem)))


def _format(shape: type[BaseModel], rung: Rung) -> dict[str, Any]:
    """How the endpoint is asked for the form, past the SDK's own parsing, which would lose the usage of a bad answer."""
    if rung == "json_schema":
        named = {"name": shape.__name__, "strict": True, "schema": schema_of(shape)}
        return {"response_format": {"type": "json_schema", "json_schema": named}}
    return {"response_format": {"type": "json_object"}} if rung == "json_mode" else {}


def _invoked(model: BaseChatOpenAI, said: Messages, options: dict[str, Any]) -> AIMessage:
    """Nothing is traced: what people wrote goes to the endpoint alone, whatever the environment says."""
    from langsmith import tracing_context

    with tracing_context(enabled=False):
        return model.invoke(list(said), **options)


def _streamed(model: BaseChatOpenAI, said: Messages, options: dict[str, Any]) -> Generator[AIMessage]:
    from langsmith import tracing_context

    with closing(cast("Generator[AIMessage]", model.stream(list(said), **options))) as chunks:
        while True:
            with tracing_context(enabled=False):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk
