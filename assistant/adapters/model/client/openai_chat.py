"""A chat model behind an OpenAI-compatible endpoint, through LangChain: OpenAI, Azure, Ollama, vLLM, llama.cpp, LM Studio.

A structured answer is requested with the output mode that worked last: json_schema, json_mode, or the prompt alone. If the
endpoint refuses a mode or its answer is unusable, the next mode is tried, and at the end one repair with the error message: at
most four requests, all within the time limit of the call. Every answer is validated here, whatever the endpoint promises.

All answers are streamed, so that an endpoint notices a closed connection and stops generating. If it cannot stream or refuses
an option, the request is repeated without it, and that is remembered.
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
from assistant.adapters.model.client.faults import declines, failure_of, is_server_error
from assistant.adapters.model.client.metering import Meter
from assistant.adapters.model.client.openai_client import LateClient
from assistant.adapters.model.client.output_modes import EndpointOptions, OutputMode, OutputModes, Thinking
from assistant.adapters.model.client.parse_output import AGAIN, Unusable, has_object, instruction, read, schema_of
from assistant.adapters.model.client.request_options import CONNECT_SECONDS, after_thinking, options_of, other_options

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai.chat_models.base import BaseChatOpenAI
    from pydantic import BaseModel

MOST_REPEATED = 8_000
"""Characters of an unusable answer that are sent back for the repair."""
DOWNGRADE_AFTER = 3
"""Consecutive unusable answers after which a mode that worked before is given up; fewer may be chance."""
ENDS = (".", "?", "!", "]", '"')
"""With one of these a text ends that was not broken off, where the endpoint gives no finish reason."""
Messages = Sequence[tuple[str, str]]


class _Declined(Exception):
    """The endpoint does not accept this form of request; `firm` if it said so, not if it only failed."""

    def __init__(self, firm: bool) -> None:
        super().__init__(firm)
        self.firm = firm


@dataclass(frozen=True)
class _RunningCall:
    """A running call: its model, its deadline, and the callback for usage."""

    call: Call
    model: str
    end: float
    spend: Spend

    @property
    def left(self) -> float:
        """Seconds left. Raises ModelFailed if there are none."""
        seconds = self.end - time.monotonic()
        if seconds <= 0:
            raise ModelFailed("late")
        return seconds


class OpenAIChat:
    """Implements `Chat`. Loads nothing before the first call or `warm`. Safe for many threads."""

    def __init__(self, endpoint: ModelEndpoint, output_modes: OutputModes) -> None:
        self._endpoint, self._output_modes = endpoint, output_modes
        self._client = LateClient(endpoint)
        self._unusable = Counter[tuple[str, OutputMode]]()

    def warm(self) -> None:
        """Starts to load the client in the background."""
        self._client.start()

    def ready(self, seconds: float) -> None:
        """Waits up to `seconds` until the client is loaded. Raises ModelFailed."""
        self._client.get(seconds)

    def close(self) -> None:
        """Closes the connections; later calls fail as unreachable."""
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
        except Exception as error:  # the SDK may raise anything for a broken answer
            raise failure_of(error) from None

    def thinking(self, task: str = "") -> Thinking:
        """What is done about the thinking of this task's model."""
        return self._output_modes.endpoint_options(self._endpoint.url, self._endpoint.model_for(task)).thinking

    def mode(self, task: str = "") -> OutputMode:
        """The output mode that a call of this task tries first."""
        return self._output_modes.endpoint_options(self._endpoint.url, self._endpoint.model_for(task)).mode

    def structured(self, call: Call, shape: type[T], spend: Spend) -> T:
        running, last, firm = self._running_call(call, spend), ModelFailed("fault"), True
        messages: Messages = ()
        for mode in self._options(running).ladder:
            messages = _messages(call, shape, mode)
            try:
                text = self._answer_text(running, messages, _format(shape, mode))
                return self._remember_mode(running, mode, read(text, shape), firm)
            except _Declined as declined:
                last, firm = ModelFailed("fault"), firm and declined.firm
            except Unusable as unusable:
                last, messages = ModelFailed(unusable.why), _with_problem(messages, text, unusable)
                self._unusable[running.model, mode] += 1
                firm = firm and self._unusable[running.model, mode] >= DOWNGRADE_AFTER
        if last.why not in ("unreadable", "wrong_shape"):
            raise last
        return self._repaired(running, messages, shape, firm)

    def stream(self, call: Call, spend: Spend) -> Iterator[str]:
        return self._streamed(self._running_call(call, spend), (("system", call.system), ("user", call.user)))

    def _running_call(self, call: Call, spend: Spend) -> _RunningCall:
        return _RunningCall(call, self._endpoint.model_for(call.task), time.monotonic() + call.seconds, spend)

    def _options(self, running: _RunningCall) -> EndpointOptions:
        return self._output_modes.endpoint_options(self._endpoint.url, running.model)

    def _learn(self, running: _RunningCall, endpoint_options: EndpointOptions) -> None:
        if endpoint_options != replace(self._options(running), mode=endpoint_options.mode):
            self._output_modes.learn(self._endpoint.url, running.model, endpoint_options)

    def _remember_mode(self, running: _RunningCall, mode: OutputMode, found: T, firm: bool) -> T:
        self._output_modes.keep(self._endpoint.url, running.model, mode, firm)
        self._unusable[running.model, mode] = 0
        return found

    def _repaired(self, running: _RunningCall, messages: Messages, shape: type[T], firm: bool) -> T:
        try:
            return self._remember_mode(running, "prompt", read(self._answer_text(running, messages, {}), shape), firm)
        except Unusable as unusable:
            raise ModelFailed(unusable.why) from None

    def _answer_text(self, running: _RunningCall, messages: Messages, response_format: dict[str, Any]) -> str:
        """The text of one answer. Raises ModelFailed and _Declined.

        A stream that breaks off is requested once more without streaming: some servers end one when another request arrives.
        """
        meter = self._collect(running, messages, response_format, False)
        if not meter.finish and not has_object(meter.text):
            meter = self._collect(running, messages, response_format, True)
        if meter.declined and not meter.text.strip():
            raise ModelFailed("declined")
        if meter.finish == "length":
            raise ModelFailed("cut")
        if meter.finish == "content_filter":
            raise ModelFailed("empty")
        return meter.text

    def _collect(self, running: _RunningCall, messages: Messages, response_format: dict[str, Any], whole: bool) -> Meter:
        """One answer, with other options if it was nothing but thinking. Raises ModelFailed and _Declined."""
        while True:
            meter = Meter(running.model, messages, running.spend)
            for _ in self._pieces(running, messages, response_format, meter, whole):
                continue
            if not meter.only_thought or meter.declined:
                return meter
            self._about_thinking(running)

    def _about_thinking(self, running: _RunningCall) -> None:
        """Remembers what to try after an answer of nothing but thinking. Raises ModelFailed if all was tried."""
        other = after_thinking(self._options(running))
        if other is None:
            raise ModelFailed("thinking")
        self._learn(running, other)

    def _streamed(self, running: _RunningCall, messages: Messages) -> Iterator[str]:
        """Streams the answer. Raises ModelFailed, also for a stream that ends in a sentence without a finish reason."""
        while True:
            meter = Meter(running.model, messages, running.spend)
            yield from self._pieces(running, messages, {}, meter)
            if not meter.only_thought or meter.declined:
                break
            self._about_thinking(running)
        if meter.declined and not meter.text.strip():
            raise ModelFailed("declined")
        whole = meter.finish or meter.text.rstrip().endswith(ENDS) or not self._options(running).streams
        if meter.finish == "length" or not whole:
            raise ModelFailed("cut")
        if meter.finish == "content_filter" or not meter.text.strip():
            raise ModelFailed("empty")

    def _pieces(
        self, running: _RunningCall, messages: Messages, response_format: dict[str, Any], meter: Meter, whole: bool = False
    ) -> Iterator[str]:  # fmt: skip
        """The pieces of one answer. Raises ModelFailed, and _Declined if an output mode was requested."""
        model = self._client.get(running.left)
        try:
            with closing(self._chunks(running, model, messages, response_format, whole)) as chunks:
                for chunk in chunks:
                    piece = meter.add(chunk)
                    if time.monotonic() > running.end:
                        raise ModelFailed("late")
                    if piece:
                        yield piece
        except Exception as error:  # the SDK may raise anything; it becomes a code
            failure, declined = failure_of(error), declines(error)
            meter.failed(failure)
            raise (_Declined(declined) if response_format and (declined or is_server_error(error)) else failure) from None
        finally:
            meter.settle()

    def _chunks(
        self, running: _RunningCall, model: BaseChatOpenAI, messages: Messages, response_format: dict[str, Any], whole: bool
    ) -> Generator[AIMessage]:  # fmt: skip
        """The chunks of the SDK; repeats the request with other options if the endpoint refuses some."""
        endpoint_options, begun = self._options(running), False
        while not begun:
            used = replace(endpoint_options, streams=endpoint_options.streams and not whole)
            options = options_of(self._endpoint, used, running.model, running.call.most_tokens, running.left, response_format)
            try:
                for chunk in _sent(model, messages, options, used.streams):
                    if not begun:
                        begun = True
                        self._learn(running, endpoint_options)
                    yield chunk
                return
            except Exception as error:
                other = None if begun else other_options(self._endpoint, endpoint_options, error)
                if other is None:
                    raise
                endpoint_options = other


def _messages(call: Call, shape: type[BaseModel], mode: OutputMode) -> Messages:
    system = call.system if mode == "json_schema" else f"{call.system}\n\n{instruction(shape)}"
    return (("system", system), ("user", call.user))


def _with_problem(messages: Messages, text: str, unusable: Unusable) -> Messages:
    return (*messages, ("assistant", text[:MOST_REPEATED]), ("user", AGAIN.format(problem=unusable.problem)))


def _format(shape: type[BaseModel], mode: OutputMode) -> dict[str, Any]:
    """The response format as a raw option; the SDK's own parsing would lose the usage of an invalid answer."""
    if mode == "json_schema":
        named = {"name": shape.__name__, "strict": True, "schema": schema_of(shape)}
        return {"response_format": {"type": "json_schema", "json_schema": named}}
    return {"response_format": {"type": "json_object"}} if mode == "json_mode" else {}


def _sent(model: BaseChatOpenAI, messages: Messages, options: dict[str, Any], streams: bool) -> Generator[AIMessage]:
    """Sends the request with tracing disabled, so that texts go only to the endpoint, whatever the environment says."""
    from langsmith import tracing_context

    if not streams:
        with tracing_context(enabled=False):
            whole = model.invoke(list(messages), **options)
        yield whole
        return
    with closing(cast("Generator[AIMessage]", model.stream(list(messages), **options))) as chunks:
        while True:
            with tracing_context(enabled=False):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk
