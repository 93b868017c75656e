"""Data in memory: an array, images with labels and a data set go in, an array comes out."""

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch.utils.data import TensorDataset

import likeness

rows, labels = load_digits(return_X_y=True)
images = rows.reshape(-1, 8, 8) / 16  # (n, height, width), values from 0 to 1
tensor = torch.from_numpy(images).float()[:, None]  # (n, channels, height, width)

likeness.train("ae", "runs/array", data=images, steps=300)
likeness.train("vae_gan", "runs/set", data=TensorDataset(tensor, torch.from_numpy(labels)), steps=300)
model = likeness.train("aae_labels", "runs/labelled", data=(images, labels), batch=100, steps=300)

model = likeness.load("runs/array")
x = model.images(images[:16])  # (16, 1, 8, 8) in [-1, 1], as networks take them
z = model.encode(x).mean
print(f"codes {tuple(z.shape)}, mean error {float((model.reconstruct(x) - x).abs().mean()):.3f}")
np.save("reconstructions.npy", model.arrays(model.decode(z)))  # (16, 8, 8, 1), from 0 to 1
