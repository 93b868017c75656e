from ._verb import (
    Result as Result,
)
from .verbs.check_metric import (
    check_metric as check_metric,
)
from .verbs.clusters import (
    clusters as clusters,
)
from .verbs.combine import (
    combine as combine,
)
from .verbs.compare import (
    compare as compare,
)
from .verbs.completion import (
    completion as completion,
)
from .verbs.decode import (
    decode as decode,
)
from .verbs.directions import (
    directions as directions,
)
from .verbs.distance import (
    distance as distance,
)
from .verbs.doctor import (
    doctor as doctor,
)
from .verbs.edit import (
    edit as edit,
)
from .verbs.encode import (
    encode as encode,
)
from .verbs.evaluate import (
    evaluate as evaluate,
)
from .verbs.explore import (
    explore as explore,
)
from .verbs.info import (
    info as info,
)
from .verbs.interpolate import (
    interpolate as interpolate,
)
from .verbs.manifold import (
    manifold as manifold,
)
from .verbs.metric import (
    metric as metric,
)
from .verbs.neighbours import (
    neighbours as neighbours,
)
from .verbs.plane import (
    plane as plane,
)
from .verbs.project import (
    project as project,
)
from .verbs.reconstruct import (
    reconstruct as reconstruct,
)
from .verbs.reproduce import (
    reproduce as reproduce,
)
from .verbs.runs import (
    runs as runs,
)
from .verbs.sample import (
    sample as sample,
)
from .verbs.score import (
    score as score,
)
from .verbs.teach_metric import (
    teach_metric as teach_metric,
)
from .verbs.train import (
    train as train,
)
from .verbs.transfer_style import (
    transfer_style as transfer_style,
)
from .verbs.traverse import (
    traverse as traverse,
)
from .verbs.walk import (
    walk as walk,
)
