"""Autoencoding beyond pixels, Larsen et al. 2016: attributes asked for and attributes read.

The paper's numbers are as recalled, and of LFW, whose attributes have another scale; its table has no
VAE_Dis_l. The length and the width are the paper's unless others are said; the losses are the package's
defaults (docs/log.md says why). What it gave here, and how long it took, is there too.

    likeness reproduce larsen2016 attributes --data faces/ --out runs/attributes --size 32 --width 0.25 \\
        --steps 1500
"""

from typing import Any

from likeness.recipes._following import IMAGES, AttributeTable
from likeness.recipes._recipe import Figures

SETTINGS: dict[str, Any] = {
    "net": "larsen",
    "latent": 128,
    "batch": 64,
    "steps": 37_500,
    "size": "64",
    "flip": True,
    "log_every": 250,
    "pictures_every": 5000,
    "checkpoint_every": 500,
    "keep": 1,
}
ATTRIBUTES = AttributeTable(
    methods=("gan", "vae_dis_l", "vae_gan", "vae"),
    settings=SETTINGS,
    borrowed={"vae_dis_l": "gan"},
    paper={
        IMAGES: (0.9193, 14.1987),
        "vae": (0.9030, 27.59),
        "gan": (0.8892, 27.89),
        "vae_gan": (0.9114, 22.39),
    },
)
TABLES = {"attributes": ATTRIBUTES}
FIGURES: Figures = {}
