"""Days and dates: inside the program time is a number of days from the start of a scenario."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAY = timedelta(days=1)
_SECONDS = 86400


def days_from(start: datetime, moment: datetime | timedelta) -> float:
    """Days from `start` to a date; of a distance in time, its length in days."""
    passed = moment if isinstance(moment, timedelta) else moment - start
    return passed / DAY


def moment_of(when: object) -> datetime:
    """A date, as it is or as ISO 8601 has it, as a moment: midnight unless it tells the time.

    Raises ValueError for what is no date.
    """
    try:
        moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    except ValueError:
        moment = None
    if not isinstance(moment, date):
        raise ValueError(f"{when!r} is no date; write for instance '2017-12-31'")
    return moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)


def whole_seconds(days: float) -> timedelta:
    """So many days to the whole second, which is as fine as files write dates.

    Raises ValueError or OverflowError for what is no length of time.
    """
    return timedelta(seconds=round(days * _SECONDS))


def dates_of(start: datetime, days: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Dates (datetime64[s], shape of `days`) of days from `start`, to the whole second."""
    import numpy as np

    seconds = np.round(days * float(_SECONDS)).astype("timedelta64[s]")
    return np.asarray(np.datetime64(start, "s") + seconds)
