from ._evidence import (
    Evidence as Evidence,
)
from ._evidence import (
    Features as Features,
)
from ._evidence import (
    Measured as Measured,
)
from ._evidence import (
    Space as Space,
)
from ._metric import Metric as Metric
from ._ranking import auroc as auroc
from ._structural import (
    WINDOW as WINDOW,
)
from ._structural import (
    ms_ssim as ms_ssim,
)
from ._structural import (
    scales as scales,
)
from ._structural import (
    ssim as ssim,
)
