from ._source import (
    Source as Source,
)
from ._source import (
    locate as locate,
)
from ._source import (
    read as read,
)
from ._source import (
    sources as sources,
)
