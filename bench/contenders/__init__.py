"""Who is measured: each module runs by itself in its own environment, `python -m bench.contenders.floor JOB …`."""
