from .columns import Column as Column
from .dataset import (
    Dataset as Dataset,
)
from .dataset import (
    Split as Split,
)
from .dataset import (
    load as load,
)
from .reading.encoded import Encoded as Encoded
from .reading.pictures import (
    Arrays as Arrays,
)
from .reading.pictures import (
    Pictures as Pictures,
)
from .settings import DataSettings as DataSettings
from .sources._source import Source as Source
from .table import Table as Table
