"""The panel in JupyterLab: the product beside a panel with nothing in it."""
