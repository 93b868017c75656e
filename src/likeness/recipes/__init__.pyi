from ._following import (
    Following as Following,
)
from ._following import (
    lines as lines,
)
from ._following import (
    shown as shown,
)
from ._following import (
    written as written,
)
from ._recipe import (
    Figure as Figure,
)
from ._recipe import (
    Row as Row,
)
from ._recipe import (
    drawn as drawn,
)
from ._recipe import (
    made as made,
)
from ._recipe import (
    named as named,
)
