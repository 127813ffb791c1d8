import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.domain import tiles
from voting.domain.refusal import Refusal
from voting.domain.tiles import Tile

places = st.builds(
    Tile, st.none() | st.integers(0, 63), st.integers(0, 10**18 - 1), st.integers(1, 256)
)


@given(places)
def test_a_tile_has_one_path(tile):
    assert tiles.parse_path(tiles.path(tile)) == tile


@given(st.text() | st.from_regex(r"[0-9]{1,2}(/x?[0-9]{3}){1,3}(\.p/[0-9]{1,3})?", fullmatch=True))
def test_a_path_is_the_one_of_its_tile_or_refused(text):
    try:
        assert tiles.path(tiles.parse_path(text)) == text
    except Refusal as refusal:
        assert refusal.code == "tile"


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "0/000"),
        (Tile(0, 1234067), "0/x001/x234/067"),
        (Tile(3, 1000, 255), "3/x001/000.p/255"),
        (Tile(None, 273, 112), "entries/273.p/112"),
    ],
)
def test_paths_of_the_specification(tile, path):
    assert tiles.path(tile) == path


@pytest.mark.parametrize(
    "path",
    [
        "0/x000/001",
        "0/1",
        "0/0001",
        "00/001",
        "64/001",
        "-1/001",
        "0/001.p/0",
        "0/001.p/256",
        "0/001.p/01",
        "0/001.p",
        "0/001/",
        "/0/001",
        "0/../001",
        "0/001\n",
        "data/001",
        "0/٠٠١",
        "0/" + "x001/" * 6 + "001",
    ],
)
def test_other_paths_are_refused(path):
    with pytest.raises(Refusal):
        tiles.parse_path(path)


@given(st.integers(0, 300_000))
def test_the_tiles_of_a_tree_hold_each_hash_once(size):
    held = {}
    for tile in tiles.all_tiles(size):
        assert tile.width == tiles.width(tile.level, tile.index, size)
        assert tile.start == held.get(tile.level, 0)
        held[tile.level] = tile.start + tile.width
    counts = {level: size >> 8 * level for level in range(8) if size >> 8 * level}
    assert held == (counts | {None: size} if size else {})


def test_there_is_no_tile_beyond_the_tree():
    assert [tiles.width(0, 1, size) for size in (255, 256, 257, 512, 999)] == [0, 0, 1, 256, 256]
    assert [tiles.width(1, 0, size) for size in (255, 256, 65_536)] == [0, 1, 256]


@given(st.lists(st.binary(max_size=300)))
def test_bundles_come_back(leaves):
    assert tiles.unbundle(tiles.bundle(leaves)) == leaves


@given(st.binary(max_size=100))
def test_arbitrary_bytes_are_a_bundle_or_refused(raw):
    try:
        assert tiles.bundle(tiles.unbundle(raw)) == raw
    except Refusal as refusal:
        assert refusal.code == "tile"


def test_no_leaf_is_longer_than_its_length_says():
    assert tiles.unbundle(tiles.bundle([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(OverflowError):
        tiles.bundle([bytes(65_536)])
