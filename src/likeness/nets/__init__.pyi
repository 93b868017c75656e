from ._condition import (
    PLAYERS as PLAYERS,
)
from ._condition import (
    Chain as Chain,
)
from ._condition import (
    Condition as Condition,
)
from ._condition import (
    ConditionalModule as ConditionalModule,
)
from ._condition import (
    Networks as Networks,
)
from ._condition import (
    Players as Players,
)
from ._condition import (
    add_condition as add_condition,
)
from ._condition import (
    apply_layer as apply_layer,
)
from ._family import (
    Discriminator as Discriminator,
)
from ._family import (
    DiscriminatorOutput as DiscriminatorOutput,
)
from ._family import (
    Family as Family,
)
from ._layers import (
    LAYERS_WITH_WEIGHTS as LAYERS_WITH_WEIGHTS,
)
from ._layers import (
    Layers as Layers,
)
from ._layers import (
    layers_of as layers_of,
)
from ._layers import (
    share_of_valid as share_of_valid,
)
from .larsen import Larsen as Larsen
from .mlp import MLP as MLP
from .resnet import ResNet as ResNet
