"""Colours, pattern and layout of every figure; mid tones that read on white and on near-black."""

from __future__ import annotations

from typing import Any

BLUE, TEAL, SAND, BRICK, MAUVE, GREY, SAGE, ROSE = (
    "#3a78ad",
    "#2a9d8f",
    "#d99a3c",
    "#c65f4a",
    "#8d78b5",
    "#8a949e",
    "#86b07c",
    "#c9849b",
)
SERIES = (BLUE, SAND, TEAL, MAUVE, BRICK, SAGE, ROSE, GREY)
OUTCOME = {
    "granted": TEAL,
    "granted_in_part": SAGE,
    "withheld": BRICK,
    "unavailable": SAND,
    "unprocessed": MAUVE,
    "other": GREY,
}
RESULT = {"upheld": BLUE, "corrected": BRICK, "other": SAND, "pending": GREY}
GRADE = {"printed": (BLUE, ""), "inferred_high": ("#7fb0d6", "/"), "inferred_medium": ("#d99a3c", "x")}
COVER = {"complete": BLUE, "partial": "#9fc0dc", "blank": SAND}
# One hue from pale to deep, told apart without colour by lightness; the ink that reads on each.
SCALE = ("#d3e3f0", "#9fc0dc", "#6a9cc6", "#3a78ad", "#1f4e79")
INK = ("#1d2733", "#1d2733", "#10202f", "#ffffff", "#ffffff")
EMPTY = "rgba(128,138,148,0.08)"
COVER |= {"read": BLUE, "incomplete": BRICK, "absent": GREY, "not_on_form": "rgba(128,138,148,0.28)"}
IMAGES = ("png", "svg")
WIDTH = 960  # pixels of a saved picture, whatever the screen: a phone saves what a desk does
HEAD = 56  # pixels for title and source above a figure
GRID = "rgba(128,138,148,0.22)"
LINE = "rgba(128,138,148,0.55)"
FONT = "system-ui, -apple-system, Segoe UI, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif"
ZH = {
    "Download plot as a PNG": "下载 PNG 图片",
    "Download plot as PNG": "下载 PNG 图片",
    "Download plot as a png": "下载 PNG 图片",
    "Download plot": "下载图片",
    "Download plot as SVG": "下载 SVG 图片",
    "Preparing image - this may take a few seconds": "正在生成图片……",
    "Image download succeeded": "图片已生成",
    "Sorry, there was a problem downloading your image!": "图片未能生成",
    "Taking snapshot - this may take a few seconds": "正在生成图片……",
    "Snapshot succeeded": "图片已生成",
    "Sorry, there was a problem downloading your snapshot!": "图片未能生成",
    "Double-click on legend to isolate one trace": "双击图例只看此项",
    "Autoscale": "自动缩放",
    "Reset axes": "还原坐标",
}


BARGAP = 0.32  # of a group's place on its axis


def layout(height: int, *, legend: bool) -> dict[str, Any]:
    """The layout that all figures share; legends stand above the plot, margins grow with the labels."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "font": {"family": FONT, "size": 13},
        "showlegend": legend,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            # On a phone a legend wraps to several lines; it must not scroll.
            "maxheight": 200,
            "font": {"size": 12},
            "y": 1,
            "yanchor": "bottom",
            "yref": "paper",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "bargap": BARGAP,
        "bargroupgap": 0.08,
        "hoverlabel": {"align": "left", "font": {"family": FONT, "size": 13}},
        "uniformtext": {"minsize": 10, "mode": "hide"},
        "dragmode": False,
        "clickmode": "event+select",
    }


def titled(figure: dict[str, Any], title: str, source: str) -> dict[str, Any]:
    """The figure with title and source above its legend: what a saved picture must not be without.

    On the page both stand in the heading and the foot already; style.css takes their room away there.
    """
    layout = dict(figure["layout"])
    height = layout["height"] + HEAD
    layout |= {
        "height": height,
        "margin": {**layout["margin"], "t": layout["margin"]["t"] + HEAD},
        "title": {
            "text": f"<b>{title}</b>",
            "font": {"size": 15},
            "subtitle": {"text": source, "font": {"size": 11}},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": 8, "t": 8},
        },
    }
    if layout["showlegend"] and layout["legend"]["y"] == 1:
        # Below the title, whatever its own height: the plot makes room for both.
        layout["legend"] = {**layout["legend"], "yref": "container", "y": 1 - HEAD / height, "yanchor": "top"}
    if layout.get("xaxis", {}).get("side") == "top":
        # Labels above the plot are pushed out by their own height only: an empty title of the axis keeps them below ours.
        layout["xaxis"] = {**layout["xaxis"], "title": {"text": "<br><br>\u00a0", "font": {"size": 13}}}
    return figure | {"layout": layout}


def config(lang: str, name: str, kind: str = "png") -> dict[str, Any]:
    """Plotly's settings: one button that saves the image, in the reader's language, named after the figure."""
    out: dict[str, Any] = {
        "displaylogo": False,
        "scrollZoom": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": kind, "filename": name, "scale": 2 if kind == "png" else 1, "width": WIDTH},
    }
    if lang == "zh":
        out |= {"locale": "zh", "locales": {"zh": {"dictionary": ZH, "format": {}}}}
    return out
