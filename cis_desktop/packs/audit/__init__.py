"""The audit: what a reader of all packs could work out of them, from the files alone."""

from .attacking import Attack, Exposed, attack, attack_packs

__all__ = ["Attack", "Exposed", "attack", "attack_packs"]
