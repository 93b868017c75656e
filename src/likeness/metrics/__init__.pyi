from ._evaluation_data import (
    EvaluationData as EvaluationData,
)
from ._evaluation_data import (
    FeatureSpace as FeatureSpace,
)
from ._evaluation_data import (
    LayerFeatures as LayerFeatures,
)
from ._evaluation_data import (
    Measurements as Measurements,
)
from ._metric import Metric as Metric
from ._ranking import auroc as auroc
from ._structural import (
    WINDOW_SIZE as WINDOW_SIZE,
)
from ._structural import (
    ms_ssim as ms_ssim,
)
from ._structural import (
    scale_count as scale_count,
)
from ._structural import (
    ssim as ssim,
)
