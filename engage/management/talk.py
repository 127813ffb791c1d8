"""What Eddersford talks about: categories, threads and posts, and what moderators made of some.

Only words here; ``engage.management.forum`` brings them to life through the real services.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SampleCategory:
    """A place to talk; ``more`` are further fields of the model."""

    slug: str
    name: str
    description: str
    theme: str
    area: str = ""
    readers: str = "everyone"
    look: str = "after"


@dataclass(frozen=True)
class SamplePost:
    """Who says what, so many hours ago. ``to`` is the number of the post it answers.

    ``reactions`` are (kind, who). ``office`` answers in the town's name. ``decided`` is what a
    moderator does about it, and by which reason; ``objections`` are (who, why).
    """

    who: str
    text: str
    hours: int
    to: int | None = None
    reactions: tuple[tuple[str, str], ...] = ()
    office: bool = False
    objections: tuple[tuple[str, str], ...] = ()
    decided: tuple[str, str] | None = None


@dataclass(frozen=True)
class SampleThread:
    """A subject and its posts, the first one first."""

    category: str
    title: str
    posts: tuple[SamplePost, ...]
    pinned: bool = False
    answered: bool = False


CATEGORIES = (
    SampleCategory(
        "getting-around", "Getting around", "Buses, bikes, pavements, parking and the river.",
        "Streets and squares",
    ),
    SampleCategory(
        "parks-and-play", "Parks and play", "Trees, benches, playgrounds and the allotments.",
        "Streets and squares",
    ),
    SampleCategory(
        "quayside", "Quayside", "For everybody who lives or works by the water.",
        "Districts", area="eddersford/quayside",
    ),
    SampleCategory(
        "millbank", "Millbank", "For everybody who lives or works around the mills.",
        "Districts", area="eddersford/millbank", look="before",
    ),
    SampleCategory(
        "volunteers", "Volunteers", "Who helps where, and who could. Only for who is signed in.",
        "Together", readers="account",
    ),
    SampleCategory(
        "counter", "Behind the counter", "Among those who work for the town.", "Together",
        readers="staff",
    ),
)  # fmt: skip

THREADS = (
    SampleThread(
        "getting-around",
        "The 14 bus no longer meets the last train",
        (
            SamplePost(
                "resident",
                "Since the new timetable the last **14** leaves the station at 23:08. The train "
                "from the city comes in at 23:11.\n\nThree minutes! Last Thursday eleven of us "
                "stood there and watched it go.\n\n- Could the bus wait for the train?\n- Or could "
                "it leave at 23:15 as it did until March?",
                52, reactions=(("agree", "neighbour"), ("agree", "pupil"), ("agree", "newcomer")),
            ),
            SamplePost(
                "neighbour",
                "It is the same in the morning: the 6:02 arrives *after* the 6:00 train has left.",
                49, reactions=(("agree", "resident"),),
            ),
            SamplePost("pupil", "And on Sundays there is none after eight.", 47, to=2),
            SamplePost(
                "resident",
                "I asked the driver. He says that he would wait if somebody told him to.",
                46, to=2, reactions=(("thanks", "pupil"),),
            ),
            SamplePost(
                "organiser",
                "Thank you for telling us. We have spoken with the bus company:\n\n1. From "
                "**Monday** the last 14 waits for the train, for ten minutes at most.\n2. The "
                "morning bus is looked at with the summer timetable; you can read the draft from "
                "1 May.",
                20, office=True,
                reactions=(("thanks", "resident"), ("thanks", "neighbour"), ("thanks", "pupil")),
            ),
            SamplePost("newcomer", "It waited for us yesterday. Thank you!", 5, to=5),
        ),
        answered=True,
    ),
    SampleThread(
        "parks-and-play",
        "A water tap in Weir Park",
        (
            SamplePost(
                "pupil",
                "There is none between the school and the bridge. In summer everybody buys bottles "
                "and leaves them on the grass.",
                30, reactions=(("idea", "resident"), ("idea", "neighbour"), ("agree", "newcomer")),
            ),
            SamplePost(
                "neighbour",
                "The pipe of the old fountain still lies there, by the chestnut. I remember it "
                "running in 1976.",
                28, reactions=(("idea", "pupil"),),
            ),
            SamplePost(
                "newcomer",
                "Best filters and taps, half the price! Ask for Yusuf at the hardware counter.",
                26, objections=(("resident", "spam"), ("pupil", "spam")),
                decided=("hide", "advertising"),
            ),
            SamplePost("resident", "Low enough for children and wheelchairs, please.", 9, to=1),
        ),
    ),
    SampleThread(
        "quayside",
        "Noise from the loading ramp before six",
        (
            SamplePost(
                "neighbour",
                "The lorries are let in at five. The permit says six. Who looks after that?",
                70, reactions=(("agree", "resident"),),
            ),
            SamplePost(
                "resident",
                "Whoever runs that ramp is a crook and should be chased out of town.",
                12, objections=(
                    ("neighbour", "insult"), ("pupil", "insult"), ("newcomer", "insult"),
                ),
            ),
        ),
    ),
    SampleThread(
        "millbank",
        "Open the mill yard on Sundays",
        (
            SamplePost("pupil", "It is empty, it has a roof, and we have nowhere to skate.", 7),
        ),
    ),
    SampleThread(
        "volunteers",
        "Who can drive the book van in December?",
        (
            SamplePost(
                "organiser",
                "The second and the third Saturday still have nobody. You need an ordinary licence "
                "and two hours.",
                90,
            ),
            SamplePost("neighbour", "I take the second one.", 60,
                       reactions=(("thanks", "organiser"),)),
        ),
        pinned=True,
    ),
)  # fmt: skip
