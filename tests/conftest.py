"""What holds for every test: nobody's own data or settings are touched, and a missing real part is said out loud."""

from __future__ import annotations

import os
import tempfile

import pytest
from hypothesis import HealthCheck, settings

# Before anything of Jupyter or of ours is imported: the data folder and ROBOFLOW_* variables of the person stay out.
_home = tempfile.TemporaryDirectory(prefix="roboflow-tests-", ignore_cleanup_errors=True)
for _name in [name for name in os.environ if name.startswith("ROBOFLOW_")]:
    del os.environ[_name]
os.environ["JUPYTER_DATA_DIR"] = os.path.join(_home.name, "data")  # noqa: PTH118 -- strings in, strings out
os.environ["JUPYTER_CONFIG_DIR"] = os.path.join(_home.name, "config")  # noqa: PTH118
os.environ["JUPYTER_RUNTIME_DIR"] = os.path.join(_home.name, "runtime")  # noqa: PTH118
os.environ["JUPYTER_PLATFORM_DIRS"] = "1"
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

# A machine that does other things takes its time: that is no mistake.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Skipped tests at the very end, in colour: a green run that left something out says so."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    reasons = {str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple)}
    terminalreporter.section(f"{len(skipped)} TESTS DID NOT RUN", sep="!", yellow=True, bold=True)
    for reason in sorted(reasons):
        terminalreporter.line(reason, yellow=True)
