"""Theme of Gradio's own elements (system fonts, no downloads) and the head of its pages. Askwell's styles are in askwell.css."""

from __future__ import annotations

import gradio as gr

from ui.assets import versioned

FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
MONO = ["ui-monospace", "Menlo", "Consolas", "monospace"]
HEAD = f'<link rel="stylesheet" href="{versioned("askwell.css")}"><link rel="icon" href="{versioned("icon.svg")}">'


def theme() -> gr.themes.Base:
    return gr.themes.Base(primary_hue="emerald", neutral_hue="stone", font=FONT, font_mono=MONO)
