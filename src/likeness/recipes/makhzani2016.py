"""Adversarial Autoencoders, Makhzani et al. 2015, on MNIST; the paper's numbers as recalled.

Settings differ from the paper's: Adam and batches of 500 instead of momentum and 100, and fewer epochs.
What each gave here, and what was tried, is in docs/results.md. On one core of a server a single seed
of `parzen` takes about 11 minutes, one of the others about 15.

    likeness reproduce makhzani2016 parzen --data mnist/ --out runs/parzen --seeds 1
"""

from typing import Any

from likeness.recipes._recipe import Table

COMMON: dict[str, Any] = {
    "net": "mlp",
    "batch": 500,
    "lr": 1e-3,
    "schedule": "cosine",
    "log_every": 200,
    "pictures_every": 1000,
    "checkpoint_every": 1000,
}
SEMI = COMMON | {
    "latent": 10,
    "input_noise": 0.6,
    "rates": {"encoder": 1e-4, "critic": 1e-4, "class_critic": 1e-4},
    "steps": 5000,
}
CLUSTERS = SEMI | {"net": {"name": "mlp", "hidden": 3000}, "latent": 5}
REDUCED = SEMI | {"latent": 2}

TABLES = {
    "parzen": Table(
        "340 +- 2 nats", "more", "aae",
        COMMON | {"latent": 8, "prior": {"name": "normal", "std": 5}, "steps": 6000,
                  "rates": {"encoder": 3e-4, "critic": 3e-4}},
        "parzen",
    ),
    "semi100": Table("1.90 +- 0.10 %", "less", "aae_semi", SEMI | {"labels": 100}, "classes"),
    "semi1000": Table("1.60 +- 0.08 %", "less", "aae_semi", SEMI | {"labels": 1000}, "classes"),
    "all": Table("0.85 +- 0.02 %", "less", "aae_semi", SEMI, "classes"),
    "cluster16": Table("9.55 +- 2.05 %", "less", "aae_cluster", CLUSTERS | {"classes": 16}, "classes"),
    "cluster30": Table("4.10 +- 1.13 %", "less", "aae_cluster", CLUSTERS | {"classes": 30}, "classes"),
    "reduce2d1000": Table("4.20 %", "less", "aae_reduce", REDUCED | {"labels": 1000}, "classes"),
    "reduce2d100": Table("6.08 %", "less", "aae_reduce", REDUCED | {"labels": 100}, "classes"),
}  # fmt: skip
