"""Addresses of polls and of the ballot box."""

from django.urls import path, register_converter

from voting.views import assisting, booth, organising, polls


class Deed:
    """What an organiser does to a poll, one word in the address."""

    regex = "announce|open|close|annul"
    to_python = to_url = str


class Prefix:
    """The first hex digits of a leaf hash, or ``all``."""

    regex = "all|[0-9a-f]{1,3}"
    to_python = to_url = str


register_converter(Deed, "deed")
register_converter(Prefix, "prefix")

urlpatterns = [
    path("", polls.home, name="home"),
    path("polls/", polls.poll_list, name="polls"),
    path("polls/new/", organising.poll_new, name="poll-new"),
    path("polls/preview/", organising.markdown_preview, name="markdown-preview"),
    path("polls/<uuid:poll>/", polls.poll_show, name="poll"),
    path("polls/<uuid:poll>/edit/", organising.poll_edit, name="poll-edit"),
    path("polls/<uuid:poll>/manage/", organising.poll_manage, name="poll-manage"),
    path("polls/<uuid:poll>/<deed:deed>/", organising.poll_deed, name="poll-deed"),
    path("polls/<uuid:poll>/pass", polls.pass_collect, name="pass"),
    path("polls/<uuid:poll>/tally.json", polls.tally_show, name="tally"),
    path("polls/<uuid:poll>/manifest.json", polls.manifest_show, name="manifest"),
    path("polls/<uuid:poll>/record.zip", polls.record_show, name="record"),
    path("booth/<uuid:poll>/", booth.booth_show, name="booth"),
    path("booth/<uuid:poll>/ballots", booth.ballot_cast, name="ballots"),
    path("booth/<uuid:poll>/checkpoint", booth.checkpoint_show, name="checkpoint"),
    path("booth/<uuid:poll>/tile/<path:path>", booth.tile_show, name="tile"),
    path("booth/<uuid:poll>/proof/<prefix:prefix>", booth.proofs_show, name="proofs"),
    path("office/assist/", assisting.assist_start, name="assist"),
    path("office/assist/<uuid:person>/", assisting.assist_person, name="assist-person"),
    path("office/assist/<uuid:person>/<uuid:poll>/", assisting.assist_begin, name="assist-begin"),
    path(
        "office/assist/<uuid:person>/<uuid:poll>/ballot/",
        assisting.assist_ballot,
        name="assist-ballot",
    ),
    path("verify/", polls.verify_show, name="verify"),
    path("verify/protocol", polls.protocol_show, name="protocol"),
]
