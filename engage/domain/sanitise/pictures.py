"""Pictures are made anew from their first frame: what else a file brought along stays behind.

JPEG, PNG and WebP, told by their content. Deliberately absent: animations, vector drawings, names
of files, and everything a camera writes of its owner, place and time.
"""

import io
import warnings
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps

MOST_BYTES = 8_000_000
MOST_PIXELS = {"JPEG": 25_000_000, "PNG": 16_000_000, "WEBP": 9_000_000}  # below 200 MB each
LONGEST_EDGE = 2_000

Kind = Literal["jpeg", "png", "webp"]
_KINDS: tuple[Kind, Kind] = ("jpeg", "webp")


class NoPicture(ValueError):
    """Why it cannot be taken: "large" (bytes), "wide" (pixels), "kind" (no JPEG, PNG or WebP)
    or "broken".
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Remade:
    """A picture of ours: its bytes, what they are, and its size as it is shown."""

    content: bytes
    kind: Kind
    width: int
    height: int


def remade(raw: bytes) -> Remade:
    """The picture in ``raw``, upright, at most 2,000 pixels long, with nothing but its colours.

    Raises NoPicture. A picture's size is read from its head before any of it is unpacked.
    """
    if len(raw) > MOST_BYTES:
        raise NoPicture("large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _written(_read(raw))
    except NoPicture:
        raise
    except Exception as broken:  # whatever a decoder meets in a file that was made to break it
        raise NoPicture("broken") from broken


def _read(raw: bytes) -> Image.Image:
    """The first frame, upright and small enough; no other decoder is ever asked."""
    name = _format(raw)
    if name == "WEBP" and _webp_pixels(raw) > MOST_PIXELS[name]:
        raise NoPicture("wide")  # its decoder makes room as soon as it is opened
    try:
        opened = Image.open(io.BytesIO(raw), formats=[name])
    except Image.DecompressionBombError:
        raise NoPicture("wide") from None
    with opened:
        if opened.width * opened.height > MOST_PIXELS[name]:
            raise NoPicture("wide")
        opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a JPEG unpacks to about what is kept
        opened.seek(0)
        frame: Image.Image = opened
        if opened.mode == "P":
            frame = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
        frame.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
        return ImageOps.exif_transpose(frame)


def _format(raw: bytes) -> str:
    """The format by the first bytes. Raises NoPicture("kind")."""
    if raw.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return "WEBP"
    raise NoPicture("kind")


def _webp_pixels(raw: bytes) -> int:
    """The canvas as the head of a WebP file tells it, in each of its three forms."""
    form, head = raw[12:16], raw[20:30]
    if form == b"VP8X":
        width, height = (int.from_bytes(head[i : i + 3], "little") + 1 for i in (4, 7))
    elif form == b"VP8L":
        packed = int.from_bytes(head[1:5], "little")
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    else:
        width, height = (int.from_bytes(head[i : i + 2], "little") & 0x3FFF for i in (6, 8))
    return width * height


def _written(picture: Image.Image) -> Remade:
    """Encoded from colours alone: transparent ones as WebP, all others as JPEG."""
    clear = picture.has_transparency_data
    plain = picture.convert("RGBA" if clear else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    out, kind = io.BytesIO(), _KINDS[clear]
    if clear:
        bare.save(out, "WEBP", quality=85, method=3)
    else:
        bare.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return Remade(out.getvalue(), kind, *bare.size)
