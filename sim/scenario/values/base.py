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

_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
_TITLE = r"^[A-Za-z0-9]([A-Za-z0-9 _.,:;>+=()%-]*[A-Za-z0-9_)%])?$"
NAMES_MADE_OF = {_ID: "letters, digits, - and _", _TITLE: "letters, digits, spaces and _ . , : ; > + = ( ) % -"}
"""What the patterns of names allow, in words."""

Id = Annotated[
    str,
    StringConstraints(pattern=_ID, max_length=64),
    Field(description="short name, unique in its block: letters, digits, '-' and '_'"),
]
PolicyName = Annotated[
    str,
    StringConstraints(pattern=_TITLE, max_length=1000),
    Field(description="name of a policy: letters, digits, spaces and some signs, as in `payments > closure`"),
]
Source = Annotated[str | None, Field(description="where the figure comes from: publication, date, grade")]


class FileBlock(BaseModel):
    """A frozen block in which a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
