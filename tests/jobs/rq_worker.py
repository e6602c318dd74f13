"""`python -m tests.jobs.rq_worker`: an RQ worker that also runs the test kinds."""

from jupyter_roboflow.jobs.kinds import KINDS as PRODUCT_KINDS
from jupyter_roboflow.jobs.rq_queue import work
from jupyter_roboflow.settings import Settings
from tests.jobs.kinds import KINDS

if __name__ == "__main__":
    work(Settings.from_environment(), kinds={**PRODUCT_KINDS, **KINDS})
