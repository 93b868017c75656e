"""Attributes read off images: what an attribute regressor descends. No method of users, a tool of ours."""

from torch import nn

from likeness.losses import squared_error
from likeness.nets._family import Family, Networks
from likeness.objectives._objective import Moves, Objective, Step
from likeness.settings import Count, settings
from likeness.shapes import Batch, ImageShape


@settings
class Regression(Objective):
    """One network says all attributes of an image at once, each -1 (has not) to 1 (has)."""

    attributes: Count = 1
    """How many there are."""

    @property
    def moves(self) -> Moves:
        return {"regressor": ("regressor",)}

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        return {"regressor": net.encoder(shape, self.attributes)}

    def step(self, nets: Networks, batch: Batch, t: int) -> Step:
        assert batch.attributes is not None
        wanted = 2 * batch.attributes - 1
        error = squared_error(nets["regressor"](batch.x), wanted).mean()
        yield {"regressor": error}
        return {"error": error / self.attributes}
