"""What hatchling calls around a build: the front end is built first, when it is older than its sources."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))

from front_end import NODE_FROM_PYPI, build_front_end, fitting_node, is_fresh


class FrontEndHook(BuildHookInterface[Any]):
    """Builds what a wheel or an sdist carries of the front end."""

    def dependencies(self) -> list[str]:
        """What the build needs besides `build-system.requires`: Node, where the machine has none that fits."""
        return [] if is_fresh(Path(self.root)) or fitting_node() else [NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_front_end(Path(self.root))
