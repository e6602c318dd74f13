"""Annotate, check, augment and export image datasets inside Jupyter."""
