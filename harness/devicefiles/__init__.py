"""SONiC's ``device/`` files, and the forms around them: read with their lines, and held against one another.

    read(Path("device/nvidia"))          -> DeviceFiles: platforms, HwSKUs, files, remarks, what was refused
    cages(home, "ACS-SN5600")            -> the cages of one platform, for a lab that points at its directory

What cannot be read is Unreadable with file and line; what contradicts is a Remark, and so is a key that nobody knows.
"""

from .between import Serdes
from .cages import CageFacts, find
from .cages import read as cages
from .directory import DeviceFiles, Hwsku, Platform, read
from .modes import Group, Mode, Share
from .remarks import Kind, Remark, Unreadable

__all__ = [
    "CageFacts",
    "DeviceFiles",
    "Group",
    "Hwsku",
    "Kind",
    "Mode",
    "Platform",
    "Remark",
    "Serdes",
    "Share",
    "Unreadable",
    "cages",
    "find",
    "read",
]
