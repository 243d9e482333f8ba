"""JSON Schemas of quantities and names, for editors; the rules themselves are in the parsers.

`unit` says in words in what unit a value is; it becomes part of descriptions and messages.
"""

from typing import Any

Schema = dict[str, Any]


def _or_text(number: Schema, pattern: str) -> list[Schema]:
    """A number, or text of a pattern."""
    return [number, {"type": "string", "pattern": pattern}]


_TIME = "min|minutes?|h|hours?|d|days?|w|weeks?|months?|y|years?"
DAYS: Schema = {
    "type": "string",
    "pattern": rf"^\s*\+?[\d.eE+-]+\s*({_TIME})\s*$",
    "unit": "a duration in min, h, d, weeks, months or years",
    "description": "A duration with its unit: min, h, d, weeks, months (30.4375 d) or years (365.25 d).",
    "examples": ["6 weeks", "12 d", "3 months", "36 h"],
}
SIGNED_DAYS: Schema = DAYS | {
    "pattern": rf"^\s*[\d.eE+-]+\s*({_TIME})\s*$",
    "unit": "a shift in min, h, d, weeks, months or years; earlier with a minus sign",
    "description": "A shift in time with its unit; a minus sign means earlier.",
    "examples": ["-300 d", "+14 d"],
}
PER_DAY: Schema = {
    "type": "string",
    "pattern": rf"^\s*[\d.eE+-]+\s*(/|per)\s*({_TIME})\s*$",
    "unit": "a rate per min, h, d, week, month or year",
    "description": "A rate with its unit of time.",
    "examples": ["0.25 /d", "5 /month", "2 per year"],
}
DAY: Schema = {
    "type": "string",
    "pattern": r"^\s*\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?\s*$",
    "unit": "a date, perhaps with the local time of day",
    "description": "A date, or a date with the local time of day.",
    "examples": ["2017-09-15", "2017-01-24 13:00"],
}
WHEN: Schema = {
    "anyOf": [DAY, SIGNED_DAYS | {"pattern": rf"^\s*[+-][\d.eE+-]+\s*({_TIME})\s*$"}],
    "unit": "a date, or an offset with its sign and unit",
    "description": "A date, or an offset with its sign and unit.",
    "examples": ["2017-09-15", "+14 d"],
}
_ENDS = " Without a time of day, it includes that day."
LAST_DAY: Schema = DAY | {"description": DAY["description"] + _ENDS}
END: Schema = WHEN | {"description": WHEN["description"] + _ENDS}
NUMBER: Schema = {"type": "number", "unit": "a number without a unit", "examples": [-2, 0.7]}
FRACTION: Schema = {
    "anyOf": _or_text({"type": "number", "minimum": 0, "maximum": 1}, r"^\s*\+?[\d.eE+-]+\s*%\s*$"),
    "unit": "a part from 0 to 1, or a percentage",
    "description": "A share from 0 to 1, or a percentage.",
    "examples": [0.35, "35 %"],
}
AMOUNT: Schema = {
    "anyOf": _or_text({"type": "number", "minimum": 0}, r"^\s*\+?[\d.eE+-]+(\s*[A-Za-z][A-Za-z /_-]*)?\s*$"),
    "unit": "an amount",
    "description": "An amount; the thing counted may follow the number.",
    "examples": [60, "60 BTC"],
}
MONEY: Schema = {
    "anyOf": _or_text({"type": "number", "minimum": 0}, r"^\s*\+?[\d.eE+-]+(\s*%|\s*[A-Za-z][A-Za-z /_-]*)?\s*$"),
    "unit": "money (volume x days) or volume in the unit of the file, or % of the focal volume of the first day",
    "description": "An amount in the unit of the file, or a part of the focal volume of the first day.",
    "examples": [60, "0.3 %"],
}
COUNT: Schema = {
    "anyOf": _or_text({"type": "integer", "minimum": 0}, r"^\s*\+?\d+(\s*[A-Za-z][A-Za-z /_-]*)?\s*$"),
    "unit": "a whole number",
    "description": "A whole number; the thing counted may follow it.",
    "examples": [2, "2 cases"],
}
CHOICE: Schema = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {"choice": {"type": "object", "additionalProperties": AMOUNT}},
            "required": ["choice"],
            "additionalProperties": False,
        },
    ],
    "unit": "a name",
    "description": "A name, or names with weights to draw one from.",
    "examples": ["beijing", {"choice": {"beijing": 0.7, "guangdong": 0.3}}],
}
