"""The sample receiver of the documentation as a module: it knows nothing of our code."""

import importlib.util
from types import ModuleType

from tests.architecture.house import HOUSE

SAMPLE = HOUSE / "docs" / "samples" / "event-receiver" / "event_receiver.py"


def load_sample() -> ModuleType:
    """Load it anew."""
    spec = importlib.util.spec_from_file_location("event_receiver", SAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
