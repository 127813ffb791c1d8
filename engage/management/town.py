"""Eddersford, a town that does not exist, and what it is asking its people (``residents``).

Only words and numbers here; ``manage.py demo`` brings them to life through the real services.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SamplePoll:
    """A poll and what becomes of it; ``ballots`` are (choice, how many)."""

    title: str
    description: str
    method: str
    rule: str
    who: str
    options: tuple[tuple[str, str, str, int | None], ...]
    ends: str  # the state it is brought to
    days: tuple[int, int]  # opens and closes, counted from today
    ballots: tuple[tuple[object, int], ...] = ()
    budget: int | None = None
    seats: int = 1
    max_delay_s: int = 60
    area: str | None = None
    level: int = 1
    ages: tuple[int | None, int | None] = (None, None)
    helped: tuple[tuple[str, int], ...] = ()  # channel, how many of the first voters


CROSSING = (
    ("footbridge", "Footbridge with lift", "Step-free, 4 metres wide. £2.4 million.", None),
    (
        "ferry",
        "Chain ferry, every day",
        "Runs 6:00 to 23:00 and carries bikes. £0.9 million.",
        None,
    ),
    ("railway", "Repair the old railway bridge", "Fully level, longest way round.", None),
    ("causeway", "Low causeway and weir path", "Under water about 20 days a year.", None),
)

POLLS = (
    SamplePoll(
        "Which day should the Saturday market move to in August?",
        "The square is dug up for the new drains from **1 to 30 August**. The stallholders can "
        "come on any of these days.",
        "plurality", "plurality/1", "everyone",
        (
            ("friday", "Friday afternoon", "14:00 to 19:00, with the food stalls", None),
            ("sunday", "Sunday morning", "9:00 to 13:00", None),
            ("wednesday", "Wednesday", "8:00 to 14:00, as before 1998", None),
        ),
        "open", (-1, 6),
        (("friday", 14), ("sunday", 21), ("wednesday", 4), (None, 1)),
    ),
    SamplePoll(
        "Which crossing should we build at Tannery Bend?",
        "The old footbridge closed in January. There is £2.4 million for **one** new way over the "
        "Edder, open by autumn next year.\n\n- Put the design you like most in place 1.\n- A "
        "second choice never hurts your first.",
        "ranked", "irv/1", "account", CROSSING, "open", (-2, 3),
        (
            (["railway", "footbridge"], 9), (["footbridge", "ferry", "railway"], 8),
            (["ferry", "footbridge"], 6), (["causeway", "ferry"], 3), ([], 1),
        ),
    ),
    SamplePoll(
        "Riverside: share out £60,000",
        "Residents wrote these proposals in spring. Choose every one you would pay for.",
        "budget-approval", "pb-greedy/1", "everyone",
        (
            ("benches", "Twelve benches with backs", "Along Weir Lane, oak", 9_600),
            ("orchard", "Apple trees for the school meadow", "Forty trees and a ladder", 6_200),
            ("lights", "Lights under the railway arch", "Warm, switched off at midnight", 21_000),
            ("boats", "A slipway for small boats", "Wheelchair access included", 38_000),
            ("tap", "Drinking water on the quay", "Two taps, one at dog height", 7_400),
        ),
        "open", (-1, 12),
        ((["benches", "tap"], 9), (["lights", "orchard"], 7), (["boats"], 8), (["tap"], 5)),
        budget=60_000,
    ),
    SamplePoll(
        "A name for the new school garden",
        "Pupils of Millbank Primary wrote the list. Pick as many as you like.",
        "approval", "approval/1", "everyone",
        (
            ("bramble", "Bramble Corner", "", None),
            ("patch", "The Patch", "", None),
            ("edder", "Edder Meadow", "", None),
        ),
        "announced", (2, 26),
    ),
    SamplePoll(
        "Three residents for the library board",
        "They serve two years and meet every second month. Put them in your order.",
        "ranked", "stv-wig/1", "roll",
        (
            ("ashby", "Ruth Ashby", "Retired bookbinder, Quayside", None),
            ("osei", "Daniel Osei", "Teacher, Millbank", None),
            ("lindqvist", "Karin Lindqvist", "Runs the mobile library", None),
            ("byrne", "Patrick Byrne", "Student, Hilltop", None),
            ("novak", "Eva Novak", "Translator, Old Town", None),
        ),
        "announced", (1, 9), seats=3,
    ),
    SamplePoll(
        "What should stand in the empty fountain?",
        "The pump of 1911 cannot be saved. The basin stays.",
        "ranked", "irv/1", "everyone",
        (
            ("play", "Water to play in", "Shallow, summer only", None),
            ("herbs", "Herbs for everybody", "Looked after by the café", None),
            ("bronze", "A bronze of the ferryman", "By a sculptor from the town", None),
        ),
        "decided", (-9, -1),
        (
            (["play", "herbs"], 17), (["herbs", "play"], 12), (["bronze", "herbs"], 11),
            (["bronze"], 2), ([], 1),
        ),
        helped=(("paper", 8), ("phone", 6)),
    ),
    SamplePoll(
        "Winter projects for the old town",
        "£30,000 from the lottery fund, to be spent by March.",
        "budget-approval", "pb-greedy/1", "everyone",
        (
            ("handrail", "Handrail on Church Steps", "", 11_500),
            ("stove", "A stove for the market hall", "", 14_000),
            ("stars", "Paper stars for every window", "", 3_200),
            ("rink", "An ice rink for two weeks", "", 22_000),
        ),
        "decided", (-20, -6),
        ((["handrail", "stars"], 12), (["rink"], 9), (["stove", "stars"], 8), (["handrail"], 4)),
        budget=30_000,
    ),
    SamplePoll(
        "Should Corn Hall open on Mondays?",
        "Annulled because the caretaker's hours were given wrongly; it will be asked again.",
        "plurality", "plurality/1", "everyone",
        (("open", "Open on Mondays", "", None), ("closed", "Stay closed on Mondays", "", None)),
        "annulled", (-3, 4), (("open", 6), ("closed", 2)),
    ),
    SamplePoll(
        "Should Weir Lane be closed to cars on summer Sundays?",
        "From **May to September**, 10:00 to 18:00. Buses and residents with a permit get through.",
        "plurality", "plurality/1", "residents",
        (("yes", "Yes, every Sunday", "", None), ("no", "No, leave it open", "", None)),
        "open", (-2, 8),
        (("yes", 23), ("no", 16), (None, 2)), area="eddersford/millbank", level=2,
        helped=(("paper", 7), ("phone", 5)),
    ),
    SamplePoll(
        "What should the youth club do on Friday nights?",
        "For everybody who is young enough to come.",
        "approval", "approval/1", "residents",
        (
            ("films", "Films, chosen by vote", "", None),
            ("kitchen", "Cook together", "", None),
            ("repair", "Repair bikes", "With tools from the works yard", None),
        ),
        "open", (-1, 15),
        ((["films", "kitchen"], 8), (["repair"], 6)), level=3, ages=(14, 25),
    ),
    SamplePoll(
        "Where should the new bus shelter go?",
        "",
        "plurality", "plurality/1", "everyone", (("hill", "Hilltop Road", "", None),),
        "draft", (5, 19),
    ),
)  # fmt: skip
