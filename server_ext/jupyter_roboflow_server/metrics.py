"""What Jupyter's `/metrics` shows of us: in the registry of the process, made once however often we are loaded."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import Counter, Gauge, Histogram

from jupyter_roboflow.backend.upkeep import JobFigures, Upkeep

_REQUESTS = Histogram(
    "roboflow_http_request_duration_seconds",
    "Seconds from the arrival of a request to the end of its answer",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
_ERRORS = Counter("roboflow_http_server_errors_total", "Answers with a status from 500", ["route", "method"])
_JOBS = Gauge("roboflow_jobs", "Jobs of the installation by state", ["state"])
_JOB_SECONDS = Histogram(
    "roboflow_job_duration_seconds",
    "Seconds from the first start of a job to its end, seen by this server",
    ["kind", "outcome"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 4 * 3600),
)
_POOL = Gauge("roboflow_database_connections_in_use", "Connections of this server's pool that are being used")
_BYTES = Gauge("roboflow_storage_bytes", "Bytes that rows refer to: originals counted once, and exports", ["kind"])
_UP = Gauge("roboflow_upkeep_success_timestamp_seconds", "When jobs were last tended and these figures taken")


def observe_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count an answer. The route is a template, never a path, so that there are few; odd methods are one."""
    known = method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"
    _REQUESTS.labels(route, known, f"{status // 100}xx").observe(seconds)
    if status >= 500:
        _ERRORS.labels(route, known).inc()


def observe_jobs(found: JobFigures) -> None:
    """Show the job table, and count the jobs that ended."""
    for state, number in found.by_state.items():
        _JOBS.labels(str(state)).set(number)
    for job in found.ended:
        _JOB_SECONDS.labels(job.kind, str(job.state)).observe(job.seconds)


def observe_storage(stored: Mapping[str, int]) -> None:
    """Show how much is stored."""
    for kind, size in stored.items():
        _BYTES.labels(kind).set(size)


def observe_upkeep(upkeep: Upkeep) -> None:
    """Note that all went well, and how many connections are used now."""
    _POOL.set(upkeep.connections_in_use())
    _UP.set_to_current_time()
