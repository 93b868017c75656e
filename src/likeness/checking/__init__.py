"""Whether a measure of likeness can be trusted: studies of any distance of images."""
