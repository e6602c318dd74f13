"""What a notebook cell shows."""
