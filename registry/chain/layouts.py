"""Describe functions and events of contracts by what is needed to call and to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from registry.chain import abi
from registry.chain.abi import AbiError, AbiValue

if TYPE_CHECKING:
    from collections.abc import Sequence

_SELECTOR_BYTES = 4


class Function(NamedTuple):
    """Hold a function: its name, the 4 bytes that select it, its types as they stand in the ABI."""

    name: str
    selector: bytes
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def call(self, *arguments: AbiValue) -> bytes:
        """Return the calldata of a call with these arguments.

        :raises AbiError: where they do not fit the function's types.
        """
        return self.selector + abi.encode(self.inputs, arguments)

    def arguments(self, calldata: bytes) -> tuple[AbiValue, ...]:
        """Return the arguments of a call from its calldata.

        :raises AbiError: where it is no call of this function.
        """
        if calldata[:_SELECTOR_BYTES] != self.selector:
            raise AbiError(f"no call of {self.name}")
        return abi.decode(self.inputs, calldata[_SELECTOR_BYTES:])

    def results(self, returned: bytes) -> tuple[AbiValue, ...]:
        """Return the values that a call returned.

        :raises AbiError: where the bytes are not such values.
        """
        return abi.decode(self.outputs, returned)

    def result(self, returned: bytes) -> AbiValue:
        """Return the one value that a call returned; errors as for `results`."""
        (value,) = self.results(returned)
        return value


class Parameter(NamedTuple):
    """Hold one parameter of an event: its name, type, and whether it is a topic."""

    name: str
    kind: str
    indexed: bool


class EventLayout(NamedTuple):
    """Hold an event: its name, its 32-byte topic, and its parameters in order."""

    name: str
    topic: bytes
    parameters: tuple[Parameter, ...]


class LogDecoder:
    """Read the logs of one event; how is worked out once, since a history has very many."""

    def __init__(self, layout: EventLayout) -> None:
        self._name, self._topic = layout.name, layout.topic
        parameters = layout.parameters
        indexed = [place for place, one in enumerate(parameters) if one.indexed]
        plain = [place for place, one in enumerate(parameters) if not one.indexed]
        self._topics = [abi.codec(parameters[place].kind) for place in indexed]
        self._data = tuple(parameters[place].kind for place in plain)
        self._order = [[*indexed, *plain].index(place) for place in range(len(parameters))]

    def decode(self, topics: Sequence[bytes], data: bytes) -> list[AbiValue]:
        """Return a log's values in the order of the event's parameters.

        :raises AbiError: where topics or data are not those of this event.
        """
        if len(topics) != len(self._topics) + 1 or topics[0] != self._topic:
            raise AbiError(f"{len(topics)} topics, not those of {self._name}")
        values = [
            codec.decode(topic, 0)[0] for codec, topic in zip(self._topics, topics[1:], strict=True)
        ]
        values += abi.decode(self._data, data)
        return [values[place] for place in self._order]
