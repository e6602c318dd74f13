"""Long work: what a job kind is, the one door that runs it, and three queues that lead there.

The database is the queue of record; pipes and Redis only ring the bell.
"""
