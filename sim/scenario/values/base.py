"""What every block of a scenario file shares."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from sim.scenario.errors import PositionedValueError, unsafe_character

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


def _one_line(text: str) -> str:
    if unsafe_character(text):
        raise ValueError("must stand on one line")
    return text


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise PositionedValueError(f"{name} is named twice", (index,))
    return names


EACH_ONCE = (AfterValidator(_each_once), Field(json_schema_extra={"uniqueItems": True}))
"""For lists of names, where a name that stands twice is a mistake: another one was probably meant."""
Ids = Annotated[tuple[Id, ...], *EACH_ONCE]
Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(_one_line)]
Source = Annotated[str | None, Field(description="where the figure comes from: publication, date, grade")]


class FileBlock(BaseModel):
    """A frozen block in which a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class NamedBlock(FileBlock):
    """One item of a list, with what it is called."""

    id: Id
    name: Name | None = Field(None, description="what figures and tables call it; default: its id")
