"""Loads a module only when something of it is used."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

TENSORFLOW_USER = "rasa.utils.train_utils"
"""What all of Rasa's extractors and policies import, and with it TensorFlow: 250 MB and seconds.

Only those that learn with TensorFlow use anything of it. It is loaded as ever once one does.
"""


def load_later(name: str) -> None:
    """Puts a stand-in for a module where importing finds it.

    `importlib.util.LazyLoader` would do so too, but in Python 3.10 its stand-in loads the module
    when it is imported for the second time.

    Args:
        name: The module's full name; nothing happens where it is loaded already.

    """
    if name in sys.modules:
        return
    package, _, short = name.rpartition(".")
    stand_in = _StandIn(name)
    sys.modules[name] = stand_in
    setattr(importlib.import_module(package), short, stand_in)


class _StandIn(ModuleType):
    def __getattr__(self, attribute: str) -> Any:
        """Load the module: something was asked of it that the stand-in does not have."""
        if attribute.startswith("__"):  # asked by the import system itself
            raise AttributeError(attribute)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        module = importlib.import_module(self.__name__)
        self.__dict__.update(vars(module))
        return getattr(module, attribute)
