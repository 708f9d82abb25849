"""From the data files that people write to checked trees of values; pure, no database.

`read_bundle` is the door. Nothing here knows a diploma: everything that is said of one is in the files.
The format is explained in docs/rules/programmes.md.
"""

from .files import Bundle, read_bundle, read_text
from .problems import Problem
from .tree import Node
from .writer import write_referentiel

__all__ = ["Bundle", "Node", "Problem", "read_bundle", "read_text", "write_referentiel"]
