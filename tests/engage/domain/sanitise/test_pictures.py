"""Pictures come out as pictures alone: no words, no place, no second meaning, no bomb."""

import io
import struct
import subprocess
import sys
import textwrap
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engage.domain.sanitise.pictures import LONGEST_EDGE, MOST_BYTES, NoPicture, remade
from tests.paths import ROOT

SECRET = b"<script>alert('payload')</script>"


def drawn(mode="RGB", size=(40, 20), form="JPEG", colour=None, **saved):
    out = io.BytesIO()
    Image.new(mode, size, colour or 0).save(out, form, **saved)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *more, data=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    parts = [head, *more, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def opened(made):
    picture = Image.open(io.BytesIO(made.content))
    picture.load()
    assert picture.format == {"jpeg": "JPEG", "webp": "WEBP"}[made.kind]
    assert picture.size == (made.width, made.height)
    return picture


@pytest.mark.parametrize(
    ("mode", "form", "kind"),
    [("RGB", "JPEG", "jpeg"), ("L", "JPEG", "jpeg"), ("CMYK", "JPEG", "jpeg"), ("P", "PNG", "jpeg"),
     ("1", "PNG", "jpeg"), ("I;16", "PNG", "jpeg"), ("LA", "PNG", "webp"), ("RGBA", "PNG", "webp"),
     ("RGB", "WEBP", "jpeg"), ("RGBA", "WEBP", "webp")],
)  # fmt: skip
def test_each_kind_is_made_anew(mode, form, kind):
    made = remade(drawn(mode, (3_000, 300), form))
    assert made.kind == kind
    assert opened(made).size == (LONGEST_EDGE, 200)


@pytest.mark.adversary("E4")
@pytest.mark.adversary("J7")
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_what_a_camera_writes_stays_behind_and_the_picture_stands_upright(form):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, SECRET.decode()  # turned by a quarter; a description
    exif[0x8825] = {1: "N", 2: (50.0, 45.0, 0.0)}
    raw = drawn(form=form, size=(40, 20), exif=exif, icc_profile=b"icc" + SECRET)
    assert SECRET in raw
    made = remade(raw)
    assert (made.width, made.height) == (20, 40)
    picture = opened(made)
    assert SECRET not in made.content
    assert not picture.getexif()
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(picture.info)


@pytest.mark.adversary("E4")
@pytest.mark.adversary("F3")
def test_comments_texts_and_what_follows_the_end_stay_behind():
    words = chunk(b"tEXt", b"Comment\0" + SECRET) + chunk(b"zTXt", b"C\0\0" + zlib.compress(SECRET))
    raws = [
        drawn(comment=SECRET),
        drawn() + SECRET,
        drawn(form="PNG") + b"PK\x03\x04" + SECRET,
        drawn(form="WEBP", xmp=SECRET) + SECRET,
        png(8, 1, words, data=zlib.compress(b"\0\xaa")),
    ]
    for raw in raws:
        made = remade(raw)
        assert SECRET not in made.content
        assert b"PK\x03\x04" not in made.content
        assert opened(made).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density",
                                            "progressive", "progression", "loop", "background",
                                            "timestamp", "duration"}  # fmt: skip


@pytest.mark.adversary("F2")
@pytest.mark.adversary("F3")
@pytest.mark.parametrize(
    "raw",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg><script>alert(1)</script></svg>",
        b"GIF89a/*\x01\x00*/=alert(1);", b"%PDF-1.4 %\xff\xd8\xff", b"<html>\xff\xd8\xff", b"",
        b"\x1f\x8b\x08\x00svgz", b"BM" + bytes(100), b"\x00\x00\x00\x20ftypavif", b"PK\x03\x04",
        b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run", b"RIFF\x00\x00\x00\x00WAVEfmt ",
    ],
)  # fmt: skip
def test_what_is_no_photograph_is_refused_by_its_content(raw):
    with pytest.raises(NoPicture, match="kind"):
        remade(raw)


@pytest.mark.adversary("F3")
@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_formats_are_refused_whatever_they_call_themselves(form):
    with pytest.raises(NoPicture, match="kind"):
        remade(drawn(form=form))


def test_of_moving_pictures_the_first_is_kept():
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    for form in ("WEBP", "PNG"):
        out = io.BytesIO()
        frames[0].save(out, form, save_all=True, append_images=frames[1:], lossless=True)
        picture = opened(remade(out.getvalue()))
        red, green, blue = picture.getpixel((5, 5))
        assert getattr(picture, "n_frames", 1) == 1
        assert red > 200 > 60 > max(green, blue)


@pytest.mark.parametrize(("raw", "code"), [
    (b"\xff\xd8\xff" + bytes(MOST_BYTES), "large"),
    (drawn()[:-200], "broken"),
    (b"\xff\xd8\xff\xe0nothing", "broken"),
    (png(40, 40, data=b"no zlib"), "broken"),
    (png(0, 5, data=b""), "broken"),
    (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "broken"),
])  # fmt: skip
def test_what_cannot_be_read_is_said_to_be_so(raw, code):
    with pytest.raises(NoPicture, match=code):
        remade(raw)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_a_picture_or_refused(data):
    raw = bytearray(data.draw(st.sampled_from([drawn(), drawn(form="PNG"), drawn(form="WEBP")])))
    for _each in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        made = remade(bytes(raw))
    except NoPicture:
        return
    opened(made)


BOMBS = {
    "png": png(50_000, 50_000, data=zlib.compress(bytes(5_000_000))),
    "png-texts": png(9, 9, *[chunk(b"zTXt", b"C\0\0" + zlib.compress(bytes(9_000_000)))] * 50),
    "jpeg": drawn(size=(16, 16)).replace(b"\x00\x10\x00\x10\x03", b"\xff\xdc\xff\xdc\x03"),
    "webp": b"RIFF\x5e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xfd\x3f\x00\xfd\x3f\x00"
    + bytes(80),
    "webp-lossless": b"RIFF\x5e\x00\x00\x00WEBPVP8L\x50\x00\x00\x00\x2f\xff\xff\xff\x0f"
    + bytes(80),
}  # fmt: skip


@pytest.mark.adversary("F4")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_is_unpacked(name, tmp_path):
    """In a process of its own, of 200 MB at its largest, after 2 s of work at the most."""
    (tmp_path / "bomb").write_bytes(BOMBS[name])
    program = rf"""
        import pathlib, re, resource
        from engage.domain.sanitise.pictures import NoPicture, remade
        raw = pathlib.Path({str(tmp_path / "bomb")!r}).read_bytes()
        resource.setrlimit(resource.RLIMIT_CPU, (4, 4))
        before = resource.getrusage(resource.RUSAGE_SELF)
        try:
            remade(raw)
        except NoPicture:
            after = resource.getrusage(resource.RUSAGE_SELF)
            status = pathlib.Path("/proc/self/status").read_text()
            largest = re.search(r"VmHWM:\s+(\d+) kB", status)[1]
            print(after.ru_utime - before.ru_utime, int(largest) // 1024)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, megabytes = done.stdout.split()
    assert float(seconds) <= 2
    assert int(megabytes) <= 200
