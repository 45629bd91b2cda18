"""What a start of the server leaves out: Gradio's telemetry, and the stub files that it would write beside its own sources."""

from __future__ import annotations

import subprocess
import sys

START = """
import ast, inspect, os
parsed = []
ast.get_source_segment = lambda *_, **__: parsed.append(1)
file_of = inspect.getfile
from ui.server import import_gradio
import_gradio()
import gradio
assert inspect.getfile is file_of
assert inspect.getfile(gradio.Textbox).endswith("textbox.py")
print(len(parsed), os.environ["GRADIO_ANALYTICS_ENABLED"])
"""


def test_gradio_is_imported_without_stubs_and_telemetry() -> None:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["0", "False"]
