"""How is a local stack filled? `demo` makes the cast through services, `volume` a crowd by COPY."""

from apps.seeds.services.demo import seed_demo
from apps.seeds.services.volume import seed_volume

__all__ = ["seed_demo", "seed_volume"]
