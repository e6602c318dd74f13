"""Where things are kept: the database with its tables, and the store of pictures and exports."""
