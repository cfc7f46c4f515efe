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

    def decode(self, topics: Sequence[bytes], data: bytes) -> dict[str, AbiValue]:
        """Return a log's values by the names of the parameters, in their order.

        :raises AbiError: where topics or data are not those of this event.
        """
        indexed = [parameter for parameter in self.parameters if parameter.indexed]
        plain = [parameter for parameter in self.parameters if not parameter.indexed]
        if len(topics) != len(indexed) + 1 or topics[0] != self.topic:
            raise AbiError(f"{len(topics)} topics, not those of {self.name}")
        values = {
            parameter.name: abi.decode((parameter.kind,), topic)[0]
            for parameter, topic in zip(indexed, topics[1:], strict=True)
        }
        decoded = abi.decode(tuple(parameter.kind for parameter in plain), data)
        values |= {p.name: value for p, value in zip(plain, decoded, strict=True)}
        return {parameter.name: values[parameter.name] for parameter in self.parameters}
