"""What goes over the wire, as Pydantic models: what may be sent (`Request`, `Query`) and what is answered (`Answer`).

Both sides use them: the server's handlers to check and to encode, `HttpBackend` to encode and to check. The models say
what the wire looks like, not what the domain looks like, so that a change there does not change the interface.
"""
