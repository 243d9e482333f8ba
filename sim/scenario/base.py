"""What every block of a scenario file shares."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Mode = Literal["domestic", "otc", "offshore"]
"""A way in which an exchange serves traders."""

TargetMode = Literal["domestic", "otc", "offshore", "disguised"]
"""As `Mode`, with venues that are abroad on paper and run at home told apart from honest offshore ones."""

Posture = Literal["domestic", "otc", "offshore", "disguised", "defy"]
"""What a venue risks being shut for: `defy` is a domestic order book kept open against an order."""

Strategy = Literal[
    "domestic",
    "otc",
    "offshore",
    "hybrid",
    "disguised",
    "disguised+otc",
    "defy",
    "exit",
    "domestic+otc",
    "domestic+offshore",
    "domestic+otc+offshore",
]
"""The venues that an exchange aims to run; `hybrid` is OTC and offshore together."""

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=64),
    Field(description="short name, unique in its block: letters, digits, '-' and '_'"),
]
Source = Annotated[str | None, Field(description="where the figure comes from: publication, date, grade")]


class Block(BaseModel):
    """A frozen block in which a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
