"""Keeps Jupyter servers of tests from a second that each of them would take to start.

jsonschema checks formats `iri` and `iri-reference` by this library if it is there, and goes without if it is not.
Jupyter's schemas have no such format, but the library compiles its grammar as soon as it is imported.
"""

from __future__ import annotations

raise ImportError("Test servers do without it.")
