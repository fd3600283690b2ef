"""Reads JSON objects into frozen dataclasses, and refuses what is not of the type a field promises.

A field is read from the key of its own name, or from the one that its metadata names as "key". A mapping is
read from a list of objects, each entered under the field that the metadata names as "by". Keys that no field
asks for are ignored: the protocol may grow.
"""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Reader = Callable[[Any], Any]
Plan = tuple[tuple[str, str, Reader], ...]
"""Of each field of a dataclass its name, its key and how to read it."""

_PLANS: dict[type[Any], Plan] = {}


def parse(body: bytes) -> dict[str, Any]:
    """One JSON object in UTF-8; ValueError for anything else."""
    try:
        raw = json.loads(body.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(raw, dict):
        raise ValueError("not an object")
    return raw


def read(cls: type[T], raw: Any) -> T:
    """An instance of the dataclass, or ValueError."""
    if not isinstance(raw, dict):
        raise ValueError(f"{cls.__name__} is not an object")
    plan = _PLANS.get(cls) or _PLANS.setdefault(cls, _plan(cls))
    try:
        return cls(**{name: reader(raw[key]) for name, key, reader in plan})
    except KeyError as error:
        raise ValueError(f"{cls.__name__} lacks {error}") from error


def _plan(cls: type[Any]) -> Plan:
    hints = get_type_hints(cls)
    return tuple(
        (each.name, each.metadata.get("key", each.name), _reader(hints[each.name], each.metadata.get("by")))
        for each in fields(cls)
    )


def _reader(hint: Any, by: str | None) -> Reader:
    origin, arguments = get_origin(hint), get_args(hint)
    if by is not None:
        return _mapping(arguments[1], by)
    if origin in (Union, types.UnionType):
        some = _reader(next(argument for argument in arguments if argument is not type(None)), None)
        return lambda value: None if value is None else some(value)
    if origin is tuple and arguments[-1] is Ellipsis:
        return _list(_reader(arguments[0], None))
    if origin is tuple:
        return _tuple([_reader(argument, None) for argument in arguments])
    if is_dataclass(hint) and isinstance(hint, type):
        return lambda value: read(hint, value)
    return _PLAIN[origin or hint]


def _mapping(cls: type[Any], by: str) -> Reader:
    def entries(value: Any) -> Mapping[int, Any]:
        return {getattr(entry, by): entry for entry in (read(cls, raw) for raw in _of(list, value))}

    return entries


def _list(reader: Reader) -> Reader:
    return lambda value: tuple(reader(part) for part in _of(list, value))


def _tuple(readers: list[Reader]) -> Reader:
    def values(value: Any) -> tuple[Any, ...]:
        if len(_of(list, value)) != len(readers):
            raise ValueError(f"not {len(readers)} values")
        return tuple(reader(part) for reader, part in zip(readers, value, strict=True))

    return values


def _of(kind: type[T], value: Any) -> T:
    # A bool is an int to isinstance, and not in JSON.
    if type(value) is not kind:
        raise ValueError(f"{value!r} is not of type {kind.__name__}")
    return value


def _float(value: Any) -> float:
    return float(value) if type(value) is int else _of(float, value)


_PLAIN: Mapping[Any, Reader] = {
    int: lambda value: _of(int, value),
    float: _float,
    str: lambda value: _of(str, value),
    bool: lambda value: _of(bool, value),
    Mapping: lambda value: _of(dict, value),
}
