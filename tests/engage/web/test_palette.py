import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.web.palette import (
    MARK,
    NIGHT_PAPER,
    NIGHT_SHEET,
    ON_MARK,
    PAPER,
    SHEET,
    WHITE,
    contrast,
    nearest,
    palette,
    stylesheet,
)  # fmt: skip

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def holds(town):
    """The floors of the design, written down a second time."""
    for ground in (PAPER, SHEET, town.day_tint, WHITE):
        assert contrast(town.day, ground) >= 4.5
    for ground in (NIGHT_PAPER, NIGHT_SHEET, town.night_tint, town.night_label):
        assert contrast(town.night, ground) >= 4.5
    for band in (town.band, town.band_night):
        assert contrast(WHITE, band) >= 4.5
        assert contrast(MARK, band) >= 3
    assert contrast(WHITE, town.day_deep) >= 4.5
    assert contrast(town.night_label, town.night_deep) >= 4.5
    assert contrast(ON_MARK, MARK) >= 7


@given(colours)
def test_an_accepted_colour_holds_every_floor_and_is_used_as_it_is(colour):
    try:
        town = palette(colour)
    except ValueError as refusal:
        assert "has contrast" in str(refusal)
    else:
        holds(town)
        assert town.day == town.band == colour


@given(colours)
def test_the_near_colour_of_a_refusal_is_accepted(colour):
    holds(palette(nearest(colour)))


def test_the_default_gives_the_colours_that_were_drawn_by_hand():
    town = palette("#7b1f51")
    by_hand = {
        "day_deep": "#510f35", "day_tint": "#f6e4eb", "night": "#e9a7c3", "night_deep": "#f6c9db",
        "night_tint": "#432534", "night_label": "#260b19", "band_night": "#681944",
    }  # fmt: skip
    for name, drawn in by_hand.items():
        made = getattr(town, name)
        assert all(
            abs(int(made[i : i + 2], 16) - int(drawn[i : i + 2], 16)) <= 2 for i in (1, 3, 5)
        )


@pytest.mark.parametrize("colour", ["#ffcc00", "#00aa55", "#ff0000", "#ffffff"])
def test_a_colour_that_could_not_be_read_is_refused_with_its_pair_and_a_way_on(colour):
    with pytest.raises(ValueError, match=r"on paper has contrast .* needs 4\.5\. #[0-9a-f]{6} "):
        palette(colour)


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "7b1f51", "#7b1f51;}"])
def test_what_is_not_a_colour_is_refused(colour):
    with pytest.raises(ValueError, match="#rrggbb"):
        palette(colour)


def test_the_stylesheet_sets_tier_one_only():
    rule = stylesheet("#7B1F51")
    names = [part.split(":")[0].strip() for part in rule.split("{")[1].split(";")[:-1]]
    assert len(names) == 9
    assert all(name.startswith("--city-") for name in names)


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
