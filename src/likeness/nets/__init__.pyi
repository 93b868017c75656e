from ._condition import (
    PLAYERS as PLAYERS,
)
from ._condition import (
    heard as heard,
)
from ._condition import (
    hearing as hearing,
)
from ._condition import (
    told as told,
)
from ._family import (
    Discriminator as Discriminator,
)
from ._family import (
    Family as Family,
)
from ._family import (
    Judged as Judged,
)
from ._family import (
    Networks as Networks,
)
