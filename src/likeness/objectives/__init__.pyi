from ._adversarial import Adversarial as Adversarial
from ._class_and_style import ClassAndStyle as ClassAndStyle
from ._features import FeatureCoding as FeatureCoding
from ._latent import Labelled as Labelled
from ._objective import (
    Coding as Coding,
)
from ._objective import (
    Losses as Losses,
)
from ._objective import (
    Moves as Moves,
)
from ._objective import (
    Objective as Objective,
)
from ._objective import (
    Phase as Phase,
)
from ._objective import (
    Step as Step,
)
