"""Many people at once: the server beside a bare Tornado handler with the same statements."""
