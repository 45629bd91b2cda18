"""A chat model behind an OpenAI-compatible endpoint, through LangChain: OpenAI, Azure, Ollama, vLLM, llama.cpp, LM Studio.

A structured answer is asked for on the rung that worked last: json_schema, json_mode, or a prompt alone. An endpoint that
refuses a rung, or whose answer on it is of no use, is asked on the next one below, and at the end once more with what is wrong;
so a call asks four times at most, all within its seconds. We look at the form ourselves, whatever the endpoint promises.

Every answer is streamed, also one that is read as a whole: then an endpoint notices that nobody waits any more and stops, where
it would work on an answer to its end. One that cannot stream, or refuses an option, is asked again without, and that is kept.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from assistant.adapters.model.client.chat import Call, ModelFailed, Spend, T
from assistant.adapters.model.client.endpoint import ModelEndpoint
from assistant.adapters.model.client.faults import declines, failure_of, stumbles
from assistant.adapters.model.client.metering import Meter
from assistant.adapters.model.client.openai_client import LateClient
from assistant.adapters.model.client.output_modes import EndpointOptions, OutputMode, OutputModes
from assistant.adapters.model.client.parse_output import AGAIN, Unusable, has_object, instruction, read, schema_of
from assistant.adapters.model.client.request_options import CONNECT_SECONDS, options_of, other_options

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai.chat_models.base import BaseChatOpenAI
    from pydantic import BaseModel

MOST_REPEATED = 8_000
"""Characters of an answer that is sent back to be corrected."""
OFTEN = 3
"""So many useless answers on a rung, with none of use between them, show that an endpoint that answered on it does not any more;
fewer are the model's bad luck."""
Messages = Sequence[tuple[str, str]]


class _Declined(Exception):
    """The endpoint does not take this form of request; `firm` if it says so, else it only failed."""

    def __init__(self, firm: bool) -> None:
        super().__init__(firm)
        self.firm = firm


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

    def __init__(self, endpoint: ModelEndpoint, output_modes: OutputModes) -> None:
        self._endpoint, self._output_modes = endpoint, output_modes
        self._client = LateClient(endpoint)
        self._unusable = Counter[tuple[str, OutputMode]]()

    def warm(self) -> None:
        """Begins to load the client in the background."""
        self._client.start()

    def ready(self, seconds: float) -> None:
        """Waits until the client is loaded. Raises ModelFailed if it is not by then."""
        self._client.get(seconds)

    def close(self) -> None:
        """Lets go of the connections; later calls fail as unreachable."""
        self._client.close()

    def models(self, seconds: float) -> frozenset[str]:
        """The names of the models that the endpoint lists. Raises ModelFailed."""
        from openai import Timeout

        end = time.monotonic() + seconds
        client = self._client.get(seconds).root_client
        try:
            left = max(0.1, end - time.monotonic())
            listed = client.models.list(timeout=Timeout(left, connect=min(CONNECT_SECONDS, left)))
            return frozenset(str(model.id) for model in listed.data)
        except Exception as error:  # whatever the answer provokes in the SDK
            raise failure_of(error) from None

    def mode(self, task: str = "") -> OutputMode:
        """The first rung that a call of this task takes."""
        return self._output_modes.endpoint_options(self._endpoint.url, self._endpoint.model_for(task)).mode

    def structured(self, call: Call, shape: type[T], spend: Spend) -> T:
        wish, last, firm = self._wish(call, spend), ModelFailed("fault"), True
        said: Messages = ()
        for mode in self._manner(wish).ladder:
            said = _messages(call, shape, mode)
            try:
                text = self._asked(wish, said, _format(shape, mode))
                return self._kept(wish, mode, read(text, shape), firm)
            except _Declined as no:
                last, firm = ModelFailed("fault"), firm and no.firm
            except Unusable as no:
                last, said = ModelFailed(no.why), _again(said, text, no)
                self._unusable[wish.model, mode] += 1
                firm = firm and self._unusable[wish.model, mode] >= OFTEN
        if last.why not in ("unreadable", "wrong_shape"):
            raise last
        return self._repaired(wish, said, shape, firm)

    def stream(self, call: Call, spend: Spend) -> Iterator[str]:
        return self._read_on(self._wish(call, spend), (("system", call.system), ("user", call.user)))

    def _wish(self, call: Call, spend: Spend) -> _Wish:
        return _Wish(call, self._endpoint.model_for(call.task), time.monotonic() + call.seconds, spend)

    def _manner(self, wish: _Wish) -> EndpointOptions:
        return self._output_modes.endpoint_options(self._endpoint.url, wish.model)

    def _learn(self, wish: _Wish, endpoint_options: EndpointOptions) -> None:
        if endpoint_options != replace(self._manner(wish), mode=endpoint_options.mode):
            self._output_modes.learn(self._endpoint.url, wish.model, endpoint_options)

    def _kept(self, wish: _Wish, mode: OutputMode, found: T, firm: bool) -> T:
        self._output_modes.keep(self._endpoint.url, wish.model, mode, firm)
        self._unusable[wish.model, mode] = 0
        return found

    def _repaired(self, wish: _Wish, said: Messages, shape: type[T], firm: bool) -> T:
        try:
            return self._kept(wish, "prompt", read(self._asked(wish, said, {}), shape), firm)
        except Unusable as no:
            raise ModelFailed(no.why) from None

    def _asked(self, wish: _Wish, said: Messages, form: dict[str, Any]) -> str:
        """The words of one answer; a stream that ends in the middle is asked for once more, as a whole. Some servers break one
        off when another request comes. Raises ModelFailed and _Declined."""
        meter = self._gathered(wish, said, form, False)
        if not meter.finish and not has_object(meter.text):
            meter = self._gathered(wish, said, form, True)
        if meter.finish == "length":
            raise ModelFailed("cut")
        if meter.finish == "content_filter":
            raise ModelFailed("empty")
        return meter.text

    def _gathered(self, wish: _Wish, said: Messages, form: dict[str, Any], whole: bool) -> Meter:
        meter = Meter(wish.model, said, wish.spend)
        for _ in self._pieces(wish, said, form, meter, whole):
            continue
        return meter

    def _read_on(self, wish: _Wish, said: Messages) -> Iterator[str]:
        """Raises ModelFailed also for a stream that ends without having come to its end."""
        meter = Meter(wish.model, said, wish.spend)
        yield from self._pieces(wish, said, {}, meter)
        if meter.finish in ("length", ""):
            raise ModelFailed("cut")
        if meter.finish == "content_filter" or not meter.text.strip():
            raise ModelFailed("empty")

    def _pieces(
        self, wish: _Wish, said: Messages, form: dict[str, Any], meter: Meter, whole: bool = False
    ) -> Iterator[str]:  # fmt: skip
        """The words of one answer as they come. Raises ModelFailed, and _Declined where a form is asked for."""
        model = self._client.get(wish.left)
        try:
            with closing(self._chunks(wish, model, said, form, whole)) as chunks:
                for chunk in chunks:
                    piece = meter.add(chunk)
                    if time.monotonic() > wish.end:
                        raise ModelFailed("late")
                    if piece:
                        yield piece
        except Exception as error:  # whatever an answer provokes in the SDK becomes a code of ours
            failure, declined = failure_of(error), declines(error)
            meter.broke(failure)
            raise (_Declined(declined) if form and (declined or stumbles(error)) else failure) from None
        finally:
            meter.settle()

    def _chunks(
        self, wish: _Wish, model: BaseChatOpenAI, said: Messages, form: dict[str, Any], whole: bool
    ) -> Generator[AIMessage]:  # fmt: skip
        """The same as the SDK gives it, asked for again in another manner where the endpoint does not take this one."""
        endpoint_options, begun = self._manner(wish), False
        while not begun:
            used = replace(endpoint_options, streams=endpoint_options.streams and not whole)
            options = options_of(self._endpoint, used, wish.model, wish.call.most_tokens, wish.left, form)
            try:
                for chunk in _sent(model, said, options, used.streams):
                    if not begun:
                        begun = True
                        self._learn(wish, endpoint_options)
                    yield chunk
                return
            except Exception as error:
                other = None if begun else other_options(self._endpoint, endpoint_options, error)
                if other is None:
                    raise
                endpoint_options = other


def _messages(call: Call, shape: type[BaseModel], mode: OutputMode) -> Messages:
    told = call.system if mode == "json_schema" else f"{call.system}\n\n{instruction(shape)}"
    return (("system", told), ("user", call.user))


def _again(said: Messages, text: str, no: Unusable) -> Messages:
    return (*said, ("assistant", text[:MOST_REPEATED]), ("user", AGAIN.format(problem=no.problem)))


def _format(shape: type[BaseModel], mode: OutputMode) -> dict[str, Any]:
    """How the endpoint is asked for the form, past the SDK's own parsing, which would lose the usage of a bad answer."""
    if mode == "json_schema":
        named = {"name": shape.__name__, "strict": True, "schema": schema_of(shape)}
        return {"response_format": {"type": "json_schema", "json_schema": named}}
    return {"response_format": {"type": "json_object"}} if mode == "json_mode" else {}


def _sent(model: BaseChatOpenAI, said: Messages, options: dict[str, Any], streams: bool) -> Generator[AIMessage]:
    """Nothing is traced: what people wrote goes to the endpoint alone, whatever the environment says."""
    from langsmith import tracing_context

    if not streams:
        with tracing_context(enabled=False):
            whole = model.invoke(list(said), **options)
        yield whole
        return
    with closing(cast("Generator[AIMessage]", model.stream(list(said), **options))) as chunks:
        while True:
            with tracing_context(enabled=False):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk
