"""A twin of any image: the memory map says which module behaves there."""

from __future__ import annotations

from typing import TypeAlias

from ..clock import Clock
from ..decode.build import CmisImage, Sff8472Image, Sff8636Image
from .module import ModuleTwin
from .sff import Sff8472Twin, Sff8636Twin

Twin: TypeAlias = ModuleTwin | Sff8636Twin | Sff8472Twin


def plugged(built: CmisImage | Sff8636Image | Sff8472Image, clock: Clock) -> Twin:
    """The module that an image describes, alive by a clock."""
    if isinstance(built, CmisImage):
        return ModuleTwin(built, clock)
    return Sff8636Twin(built, clock) if isinstance(built, Sff8636Image) else Sff8472Twin(built, clock)
