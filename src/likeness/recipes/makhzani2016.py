"""Adversarial Autoencoders, Makhzani et al. 2015, on MNIST; the paper's numbers as recalled.

Settings differ from the paper's: Adam instead of momentum, decay of weights, R1 for discriminators of
codes, distorted inputs and stronger noise for classes, a reward for classes that survive distortion (which
the paper does not have), convolutions for all but two dimensions, and fewer epochs. On the test split, and
the time of one core of a shared machine: Parzen windows 349.0 nats (seed 0; 18 minutes), 100 labels 1.29 %
(mean of 5 seeds; 14 each), 1000 labels 0.89 % (seed 0; 14), all 0.83 % (seed 0; 20), 16 clusters 3.4 %
(mean of 2 seeds; 9 each), 30 clusters 2.2 % (mean of 3 seeds; 9 each), in two dimensions 2.16 % with 1000
labels and 5.80 % with 100 (seed 0; 20 each). What was tried is in docs/log.md.

    likeness reproduce makhzani2016 parzen --data mnist/ --out runs/parzen --seeds 1
    likeness reproduce makhzani2016 figures --data mnist/ --out runs/figures
"""

from typing import Any

from likeness.recipes._recipe import Figure, Figures, Row, Tables

COMMON: dict[str, Any] = {
    "net": "mlp",
    "batch": 100,
    "lr": 1e-3,
    "schedule": "cosine",
    "log_every": 500,
    "pictures_every": 5000,
    "checkpoint_every": 2000,
}
DECAY = {"name": "adamw", "weight_decay": 0.5}  # else weights grow in long trainings, and codes leave
PARZEN = COMMON | {
    "net": {"name": "larsen", "width": 0.25},  # the paper's are fully connected, with 8 dimensions
    "optimizer": DECAY,
    "ema": 0.99,
    "latent": 6,
    "prior": {"name": "normal", "std": 5},
    "r1": 0.1,
    "steps": 10_000,
    "rates": {"encoder": 3e-4, "critic": 3e-4},
}
REDUCED = COMMON | {
    "latent": 2,
    "view.noise": 0.6,
    "view.rotation": 15,
    "view.zoom": 0.15,
    "view.shear": 0.2,
    "view.shift": 2,
    "ema": 0.999,
    "rates": {"encoder": 1e-4, "critic": 1e-4, "class_critic": 1e-4},
    "steps": 15_000,
}
CLASSES = COMMON | {
    "net": {"name": "larsen", "width": 0.25},  # the paper's are fully connected
    "latent": 5,
    "posterior": {"name": "fixed_variance", "std": 0.5},  # else the style says all, and y nothing
    "view.noise": 0.3,
    "view.rotation": 20,
    "view.zoom": 0.2,
    "view.shear": 0.3,
    "view.shift": 3,
    "code_noise": 0.3,
    "ema": 0.999,
    "lr": 5e-4,
    "rates": {"encoder": 5e-4, "critic": 3e-4, "class_critic": 3e-4},
    "steps": 6000,
}
INFORMED = CLASSES | {"mutual_information": 2}  # else classes follow slant and width as well as digits
CLUSTERS = INFORMED | {"posterior": {"name": "fixed_variance", "std": 0.8}, "steps": 4000}

TABLES: Tables = {
    "parzen": {"": Row("340 +- 2 nats", "more", "aae", PARZEN, "parzen")},
    "semi100": {"": Row("1.90 +- 0.10 %", "less", "aae_semi", INFORMED | {"labels": 100}, "classes")},
    "semi1000": {"": Row("1.60 +- 0.08 %", "less", "aae_semi", INFORMED | {"labels": 1000}, "classes")},
    "all": {"": Row("0.85 +- 0.02 %", "less", "aae_semi", CLASSES, "classes")},
    "cluster16": {"": Row("9.55 +- 2.05 %", "less", "aae_cluster", CLUSTERS | {"classes": 16}, "classes")},
    "cluster30": {"": Row("4.10 +- 1.13 %", "less", "aae_cluster", CLUSTERS | {"classes": 30}, "classes")},
    "reduce2d": {
        "1000-labels": Row("4.20 %", "less", "aae_reduce", REDUCED | {"labels": 1000}, "classes"),
        "100-labels": Row("6.08 %", "less", "aae_reduce", REDUCED | {"labels": 100}, "classes"),
    },
}

PLANE = COMMON | {"latent": 2, "steps": 8000}
FREE = PLANE | {
    "net": {"name": "mlp", "critic_std": 0},
    "lr": 5e-4,
    "rates": {"encoder": 1e-3, "critic": 1e-3},
    "r1": 0.1,
}
PETALS = {"prior": "petals"}
GAUSSIAN = FREE | {"optimizer": DECAY}
NARROW = {"rates": {"encoder": 5e-4, "critic": 1e-3}, "r1": 1e-3}  # a petal is 0.05 wide
LABELLED = PLANE | {"lr": 2e-4, "rates": {"encoder": 1e-3, "critic": 1e-3}, "labels": 10_000}
STYLES = COMMON | {
    "latent": 6,
    "steps": 10_000,
    "view.noise": 0.6,
    "ema": 0.999,
    "rates": {"encoder": 5e-4, "critic": 5e-4},
}
CODES = ("plane", "manifold")

FIGURES: Figures = {
    "figure2-aae-normal": Figure("an AAE's codes on a Gaussian", "aae", GAUSSIAN, CODES),
    "figure2-aae-petals": Figure("an AAE's codes on ten petals", "aae", FREE | PETALS | NARROW, CODES),
    "figure2-vae-normal": Figure("a VAE's codes on a Gaussian", "vae", PLANE, CODES),
    "figure2-vae-petals": Figure("a VAE's codes on ten petals", "vae", PLANE | PETALS, CODES),
    "figure4-petals": Figure(
        "a petal for each class, 10,000 labels", "aae_labels", LABELLED | PETALS, CODES
    ),
    "figure4-swiss-roll": Figure(
        "a part of a swiss roll for each class, 10,000 labels",
        "aae_labels",
        LABELLED | {"prior": "swiss_roll"},
        CODES,
    ),
    "figure7-styles": Figure(
        "ten classes in the same styles", "aae_supervised", STYLES, ("manifold",)
    ),
    "figure9-clusters": Figure(
        "16 clusters without labels", "aae_cluster", CLUSTERS | {"classes": 16}, ("clusters", "manifold")
    ),
}  # fmt: skip
