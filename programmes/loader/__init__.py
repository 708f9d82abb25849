"""From the data files that people write to checked trees of values; pure, no database.

`read_bundle` is the door. Nothing here knows a diploma: everything that is said of one is in the files.
The format is explained in docs/rules/programmes.md.
"""

from .files import Bundle, read_bundle
from .problems import Problem
from .tree import Node

__all__ = ["Bundle", "Node", "Problem", "read_bundle"]
