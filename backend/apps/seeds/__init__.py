"""The demo cast and the volume that local stacks are filled with."""
