"""Plain numbers that have the same name in the scenario and in the arrays are copied by it."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel


def of_each(record: type[Any], model: type[BaseModel], items: Sequence[BaseModel]) -> dict[str, list[Any]]:
    """The fields of a record that a model has as plain numbers under the same names, one value per item."""
    return {name: [getattr(item, name) for item in items] for name in _common(record, model)}


def of_one(record: type[Any], item: BaseModel) -> dict[str, Any]:
    """The fields of a record that an item has as plain numbers under the same names."""
    return {name: getattr(item, name) for name in _common(record, type(item))}


def _common(record: type[Any], model: type[BaseModel]) -> list[str]:
    numbers = {name for name, field in model.model_fields.items() if field.annotation in (float, int, bool)}
    return [name for name in record._fields if name in numbers]
