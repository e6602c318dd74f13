"""A bucket on this computer that speaks S3."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import boto3


@contextmanager
def open_bucket(name: str) -> Iterator[Mapping[str, str]]:
    """The environment of a process that keeps its pictures in a new bucket."""
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], stderr=subprocess.PIPE, text=True
    )
    said = server.stderr
    assert said is not None
    address = next(line.rpartition(" ")[2].strip() for line in said if "Running on" in line)
    reader = threading.Thread(target=lambda: list(said))  # a full pipe would stop it
    reader.start()
    try:
        client = boto3.client(
            "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="me", aws_secret_access_key="s3cret"
        )
        client.create_bucket(Bucket=name)
        client.close()
        keys = {"ACCESS_KEY_ID": "me", "SECRET_ACCESS_KEY": "s3cret", "REGION": "us-east-1", "ENDPOINT_URL": address}
        variables = {f"AWS_{key}": value for key, value in keys.items()}
        yield {**variables, "ROBOFLOW_STORAGE_URL": f"s3://{name}/some/prefix"}
    finally:
        server.kill()
        server.wait()
        reader.join()
        said.close()
