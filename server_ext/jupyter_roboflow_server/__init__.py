"""The Jupyter Server extension: REST under `<base_url>roboflow/api/`."""
