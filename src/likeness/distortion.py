"""Images distorted at random, each otherwise: what an encoder is to see past."""

import math

from jaxtyping import Float
from torch import Tensor

from likeness.errors import UserError
from likeness.losses import at_least_float32
from likeness.noise import Noise
from likeness.resampling import from_middle, resample
from likeness.settings import NonNegative, settings
from likeness.shapes import Images, Shape


@settings
class Distortion:
    """How images are changed that an encoder is trained on; what it is to reconstruct stays as it is."""

    rotation: NonNegative = 0.0
    """Most degrees by which images are rotated that the encoder is trained on."""
    zoom: NonNegative = 0.0
    """Most by which they are stretched or shrunk, each side by itself: 0.1 is ten percent."""
    shear: NonNegative = 0.0
    """Most columns by which one of their rows is moved against the next."""
    shift: NonNegative = 0.0
    """Most pixels by which they are moved."""
    noise: NonNegative = 0.0
    """Standard deviation of noise on them, in [-1, 1]."""

    @property
    def moves(self) -> bool:
        """Whether it moves pixels."""
        return any((self.rotation, self.zoom, self.shear, self.shift))

    def check(self, shape: Shape) -> None:
        """Raises UserError where it would move pixels of what is no image of two dimensions."""
        if self.moves and len(shape) != 3:
            raise UserError(
                f"data of {len(shape) - 1} dimensions cannot be rotated, zoomed, sheared or shifted; "
                "leave these options of --view out"
            )

    def __call__(self, x: Images, noise: Noise) -> Images:
        """Images as an encoder is trained on them: distorted, then under noise."""
        seen = self.move(x, noise) if self.moves else x
        return seen + self.noise * noise("pixels", x.shape).to(x) if self.noise else seen

    def move(self, x: Images, noise: Noise) -> Images:
        """Each image rotated, stretched, slanted and moved around its middle; edges are repeated.

        Evenly drawn: an angle of up to `rotation` degrees, factors of e^-zoom to e^zoom for height and
        width, a slant of up to `shear` columns for each row, and moves of up to `shift` pixels.
        """
        like = at_least_float32(x)
        most = (math.radians(self.rotation), self.zoom, self.zoom, self.shear, self.shift, self.shift)
        angle, tall, wide, slant, down, right = _draw_parameters(len(x), noise).to(like) * like.new_tensor(
            most
        ).view(6, 1, 1, 1)
        rows, columns = from_middle(like)
        rows, columns = rows - down, columns - right
        from_row = tall.exp() * (angle.cos() * rows - angle.sin() * columns)
        from_column = wide.exp() * (angle.sin() * rows + angle.cos() * columns + slant * rows)
        return resample(like, from_row, from_column).to(x)


def _draw_parameters(n: int, noise: Noise) -> Float[Tensor, "6 n 1 1"]:
    """Numbers between -1 and 1."""
    return 2 * noise.uniform("distortion", (n, 6)).T[:, :, None, None] - 1
