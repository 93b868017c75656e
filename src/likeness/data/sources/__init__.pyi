from ._source import (
    Source as Source,
)
from ._source import (
    located as located,
)
from ._source import (
    read as read,
)
from ._source import (
    sources as sources,
)
