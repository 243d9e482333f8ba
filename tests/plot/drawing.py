"""What holds for every figure, and the words on one."""

from collections.abc import Callable, Iterator

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.plot.page import root


def plain(words: str) -> str:
    """Words with ordinary spaces."""
    return words.replace("\u00a0", " ")


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def assert_drawn_on(ax: Axes, draw: Callable[[Axes], Axes]) -> None:
    """The figure is drawn on the Axes given, with a title, and leaves their figure as it is."""
    figure, size = ax.figure, tuple(root(ax).get_size_inches())
    assert draw(ax) is ax
    assert ax.figure is figure
    assert tuple(root(ax).get_size_inches()) == size
    assert ax.get_title(loc="left")
    root(ax).draw_without_rendering()


def left_half() -> Axes:
    """The left one of two Axes beside each other."""
    figure = Figure(figsize=(12, 6), layout="constrained")
    FigureCanvasAgg(figure)
    axes: Axes = figure.subplots(1, 2)[0]
    return axes


def assert_words_apart(ax: Axes) -> None:
    """No words meet other words or leave the figure. They are laid out as in a drawing, of which no pixel is painted."""
    root(ax).draw_without_rendering()
    page = ax.figure.bbox
    boxes = [(text.get_text(), Text.get_window_extent(text).padded(-1)) for text in visible_texts(ax)]
    assert boxes
    for i, (label, box) in enumerate(boxes):
        assert page.x0 <= box.x0, label
        assert page.y0 <= box.y0, label
        assert box.x1 <= page.x1, label
        assert box.y1 <= page.y1, label
        met = [other for other, its in boxes[:i] if box.overlaps(its)]
        assert not met, f"{label!r} meets {met}"


def visible_texts(ax: Axes) -> Iterator[Text]:
    """Every text that is drawn, the axes' own labels included."""
    own = {*ax.texts, ax.xaxis.label, ax.yaxis.label, *tick_labels(ax)}
    for text in ax.findobj(Text):
        assert isinstance(text, Text)
        if text.get_text().strip() and (text in own or text.get_text() == ax.get_title(loc="left")):
            yield text


def tick_labels(ax: Axes) -> list[Text]:
    """Labels of the ticks within the limits."""
    labels = []
    for axis, limits in ((ax.xaxis, sorted(ax.get_xlim())), (ax.yaxis, sorted(ax.get_ylim()))):
        labels += [tick.label1 for tick in axis.get_major_ticks() if limits[0] <= tick.get_loc() <= limits[1]]
    return labels
