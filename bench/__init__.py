"""The benchmark: this product, its peers and a floor under them all, measured in one run. `python -m bench --help`."""
