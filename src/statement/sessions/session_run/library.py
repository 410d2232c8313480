"""What the values of libraries hold, as plain values: tables, series, arrays, figures. A library that the program did not load
is not loaded for this."""

from __future__ import annotations

import hashlib
import sys
from typing import Any

#: Points of a line, bars of a plot: more say nothing new.
MOST = 60


def plain(value: Any) -> Any:
    """The value in lists, dictionaries, texts and numbers, tagged with what it was; None for what is no library's value."""
    for module, convert in (("pandas", _pandas), ("numpy", _numpy), ("matplotlib", _matplotlib), ("PIL", _pillow), ("scipy", _scipy), ("collections", _collections)):
        if type(value).__module__.split(".")[0] == module or (module == "matplotlib" and "matplotlib" in sys.modules):
            found = convert(value)
            if found is not None:
                return found
    return None


def _pandas(value: Any) -> Any:
    pandas = sys.modules["pandas"]
    if isinstance(value, pandas.DataFrame):
        return ["table", *_labels(value.index), *([_label(name), _cells(value.iloc[:, at])] for at, name in enumerate(value.columns))]
    if isinstance(value, pandas.Series):
        # The name of a series is seldom asked for.
        return ["series", *_labels(value.index), _cells(value)]
    if isinstance(value, pandas.Index):
        return ["index", _cells(value)]
    if value is pandas.NaT or value is getattr(pandas, "NA", None):
        return "nan"
    return None


def _labels(index: Any) -> list[Any]:
    """An index of plain numbers is where rows stood before; others are data."""
    return [] if str(index.dtype).startswith(("int", "range")) else [_cells(index)]


def _label(name: Any) -> Any:
    return name if isinstance(name, (str, int, float, tuple)) else str(name)


def _cells(column: Any) -> list[Any]:
    cells = column.tolist()
    return [str(cell) if type(cell).__name__ in ("Timestamp", "Timedelta", "Period", "Interval") else cell for cell in cells]


def _numpy(value: Any) -> Any:
    if type(value).__name__ in ("datetime64", "timedelta64"):
        return str(value)
    return value.tolist() if hasattr(value, "tolist") else None


def _scipy(value: Any) -> Any:
    return ["sparse", value.toarray().tolist()] if hasattr(value, "toarray") else None


def _collections(value: Any) -> Any:
    return list(value) if type(value).__name__ == "deque" else None


def _pillow(value: Any) -> Any:
    if not hasattr(value, "tobytes"):
        return None
    return ["image", list(value.size), value.mode, hashlib.sha256(value.tobytes()).hexdigest()[:12]]


def _matplotlib(value: Any) -> Any:
    axes = sys.modules.get("matplotlib.axes")
    figure = sys.modules.get("matplotlib.figure")
    container = sys.modules.get("matplotlib.container")
    if axes is not None and isinstance(value, axes.Axes):
        return plot(value)
    if figure is not None and isinstance(value, figure.Figure):
        return ["figure", *map(plot, value.axes)]
    if container is not None and isinstance(value, container.BarContainer):
        return ["bars", [_number(bar.get_height()) for bar in value.patches[:MOST]]]
    return None


def plot(axes: Any) -> list[Any]:
    """What a test can ask of a plot: its texts, lines, bars and points. Colours, sizes and places are left out."""
    legend = axes.get_legend()
    return [
        "plot",
        axes.get_title(),
        axes.get_xlabel(),
        axes.get_ylabel(),
        [] if legend is None else [text.get_text() for text in legend.get_texts()],
        [[_number(each) for each in line.get_ydata()[:MOST]] for line in axes.lines[:MOST]],
        [_number(patch.get_height()) for patch in axes.patches[:MOST] if hasattr(patch, "get_height")],
        [len(each.get_offsets()) for each in axes.collections[:MOST] if hasattr(each, "get_offsets")],
        [image.get_array().shape for image in axes.images[:MOST]],
    ]


def _number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)
