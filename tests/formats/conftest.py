"""What the tests of all formats share: random Manifests, see `manifests.py`. The time they take is no matter."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "formats",
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("formats")
