"""A thread's page: who sees what, where links lead, how much it asks, and what is kept of it."""

import re

import pytest

from engage.moderation.domain.standing import Standing
from engage.moderation.models import Item, Reason
from engage.moderation.services.deciding import decide
from forums.models import Thread
from forums.services.reacting import count_stirred, react
from forums.services.showing import let_post_stand
from forums.services.tending import lock_thread, pin_thread
from tests.forums import forum
from tests.forums.views.visits import asked, browser, forget_pages, text_of

pytestmark = pytest.mark.django_db
SECRET = "Words that a moderator has hidden"


@pytest.fixture(autouse=True)
def no_page_is_kept():
    forget_pages()


# ---- Who reads what ----

READS = {
    "everyone": ("stranger", "resident", "author", "moderator", "organiser"),
    "account": ("resident", "author", "moderator", "organiser"),
    "staff": ("moderator", "organiser"),
}


def people():
    from tests.voting.areas import staff

    return {
        "stranger": None, "resident": forum.person(), "author": forum.person(),
        "moderator": forum.moderator(), "organiser": staff("organiser"),
    }  # fmt: skip


@pytest.mark.parametrize("readers", READS)
@pytest.mark.adversary("D1")
def test_a_thread_is_there_for_those_who_read_its_category(readers):
    known = people()
    thread = forum.thread(forum.category(readers=readers), known["author"], text=SECRET)
    post = forum.first(thread)
    paths = [f"/threads/{thread.pk}/", f"/posts/{post.pk}/more/", f"/posts/{post.pk}/history/"]
    for who, person in known.items():
        for path in (*paths, f"/forum/{thread.category.slug}/"):
            answer = browser(person).get(path)
            assert answer.status_code == (200 if who in READS[readers] else 404), (who, path)
            assert (SECRET in text_of(answer)) <= (who in READS[readers])


STANDS = {  # before, in and after moderation: who still reads the text of a reply
    Standing.HELD: ("author", "moderator"),
    Standing.SHOWN: ("stranger", "resident", "author", "moderator", "organiser"),
    Standing.RETURNED: ("author", "moderator"),
    Standing.HIDDEN: ("author", "moderator"),
    Standing.REMOVED: ("moderator",),
}


@pytest.mark.parametrize("standing", STANDS)
@pytest.mark.adversary("D1")
def test_a_post_is_read_by_those_its_standing_leaves(standing):
    known = people()
    thread = forum.thread(forum.category("town/millbank"))
    post = forum.post(thread, known["author"], text=SECRET)
    let_post_stand(str(post.pk), standing)
    for who, person in known.items():
        reads, client = who in STANDS[standing], browser(person)
        more = client.get(f"/posts/{post.pk}/more/")
        assert more.status_code == (200 if reads else 404), who
        assert (SECRET in text_of(more)) == reads
        page = text_of(client.get(f"/threads/{thread.pk}/"))
        assert (SECRET in page) == (standing == Standing.SHOWN), who
        assert f'id="post-{post.pk}"' in page, "it was seen once, and keeps its place"


def test_a_thread_that_waits_is_there_for_nobody_and_its_author_is_told():
    author = forum.person()
    thread = forum.thread(author=author, standing=Standing.HELD, text=SECRET)
    post = forum.first(thread)
    for person in (None, author, forum.person()):
        assert browser(person).get(f"/threads/{thread.pk}/").status_code == 404
    own = browser(author).get(f"/posts/{post.pk}/", follow=True)
    assert "A moderator looks at it first" in text_of(own) and SECRET in text_of(own)


# ---- Links ----


def test_a_link_to_a_post_leads_to_its_place_on_whatever_page():
    thread = forum.thread()
    forum.many(thread, 120, replies_every=3)
    for number in (1, 2, 50, 51, 99, 120, 121):
        post = thread.posts.get(number=number)
        for path in (f"/posts/{post.pk}/", f"/threads/{thread.pk}/?at={number}"):
            answer = browser().get(path, follow=True)
            assert answer.redirect_chain[-1][0].endswith(f"#post-{post.pk}")
            assert f'id="post-{post.pk}"' in text_of(answer)


def test_pages_lead_through_a_whole_thread_once_in_each_direction():
    thread = forum.thread()
    forum.many(thread, 130, replies_every=4)
    path, client = f"/threads/{thread.pk}/", browser()
    ordered = list(thread.posts.order_by("root_number", "number").values_list("pk", flat=True))
    for way, start in (("next", ""), ("prev", "?before=end")):
        query, pages = start, []
        while query is not None:
            page = text_of(client.get(path + query))
            pages.append(
                [int(key) for key in re.findall(r'<li class="post[^>]* id="post-(\d+)"', page)]
            )
            found = re.search(rf'rel="{way}" href="([^"#]*)', page)
            query = found[1] if found else None
        assert max(map(len, pages)) == 50
        in_order = pages if way == "next" else pages[::-1]
        assert [key for part in in_order for key in part] == ordered


def test_the_page_says_where_in_the_thread_it_lies():
    thread = forum.thread()
    forum.many(thread, 60)
    first = text_of(browser().get(f"/threads/{thread.pk}/"))
    assert 'data-after="00000000.00000000"' in first and 'data-until="00000051.00000051"' in first
    last = text_of(browser().get(f"/threads/{thread.pk}/?before=end"))
    assert 'data-after="00000011.00000011"' in last and "data-until" not in last


# ---- What it shows ----


def test_a_reply_to_a_reply_says_what_it_answers():
    """By its number: whoever wrote it may be named no more once it is hidden."""
    thread = forum.thread()
    root = forum.post(thread, forum.person(display_name="Ada"))
    reply = forum.post(thread, forum.person(display_name="Bea"), to=root)
    answer = forum.post(thread, to=root, quotes=reply)
    page = text_of(browser().get(f"/threads/{thread.pk}/"))
    own = page[page.index(f'id="post-{answer.pk}"') :]
    quoting = own[own.index('class="quoting"') : own.index('class="prose')]
    assert f'href="/posts/{reply.pk}/"' in quoting and f"No. {reply.number}" in quoting
    assert "Bea" not in quoting


def test_states_are_said_in_words():
    other = forum.thread(title="The other one")
    thread = forum.thread(
        locked=True, pinned=True, answered=True, duplicate_of=other, became="poll.7f0e", slow_s=300
    )
    page = text_of(browser().get(f"/threads/{thread.pk}/"))
    for word in ("Locked", "Pinned", "Answered", "Duplicate", "The other one", "in 5 minutes"):
        assert word in page
    listed = text_of(browser().get(f"/forum/{thread.category.slug}/"))
    for word in ("Locked", "Pinned", "Answered", "Duplicate"):
        assert word in listed


def test_a_duplicate_keeps_the_title_of_what_not_everybody_reads():
    quiet = forum.thread(forum.category(readers="staff"), title=SECRET)
    thread = forum.thread(duplicate_of=quiet)
    page = text_of(browser().get(f"/threads/{thread.pk}/"))
    assert SECRET not in page


@pytest.mark.adversary("H4")
def test_only_an_official_answer_has_the_badge():
    thread = forum.thread()
    forum.post(thread, forum.person(display_name="Official answer Transport office ✔"))
    page = text_of(browser().get(f"/threads/{thread.pk}/"))
    assert 'class="badge"' not in page and 'class="official' not in page
    forum.post(thread, text="We run it.", office="Transport office")
    page = text_of(browser().get(f"/threads/{thread.pk}/"))
    assert page.count('class="badge"') == 2  # in its place, and at the top
    assert page.index('class="official') < page.index('id="posts"')


def test_reactions_are_counted_for_all_and_pressed_for_whom_they_are():
    thread, person = forum.thread(), forum.person()
    post = forum.first(thread)
    react(post=post, person=person, kind="agree", on=True)
    count_stirred()
    own = text_of(browser(person).get(f"/threads/{thread.pk}/"))
    assert f"{{&quot;{post.pk}&quot;: [&quot;agree&quot;]}}" in own
    assert 'aria-pressed="true"' in text_of(browser(person).get(f"/posts/{post.pk}/more/"))
    strange = text_of(browser().get(f"/threads/{thread.pk}/"))
    assert "data-mine" not in strange and "can-act" not in strange
    assert 'I agree <span class="num">1</span>' in strange


# ---- What it asks, and what is kept of it ----


@pytest.mark.parametrize("path", ["/forum/", "/forum/{slug}/", "/threads/{thread}/?after=1.1"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_lists_ask_the_same_for_one_and_for_three(path, signed_in):
    limits = {"/forum/": (3, 6), "/forum/{slug}/": (3, 10), "/threads/{thread}/?after=1.1": (5, 19)}
    place, person, counts = forum.category(), forum.person(), []
    for number in (1, 2):
        for _ in range(number):
            thread = forum.thread(place)
            root = forum.post(thread)
            reply = forum.post(thread, to=root)
            forum.post(thread, to=root, quotes=reply)
            forum.post(thread, office="Parks office")
        asks = path.format(slug=place.slug, thread=thread.pk)
        counts.append(asked(browser(person if signed_in else None), asks))
    assert counts[0] == counts[1] <= limits[path][signed_in], counts


def test_the_first_page_asks_strangers_for_next_to_nothing_the_second_time():
    thread = forum.thread()
    forum.many(thread, 60, replies_every=3)
    assert asked(browser(), f"/threads/{thread.pk}/") == 2  # how far it was told, and the thread
    assert asked(browser(), f"/threads/{thread.pk}/?before=end") == 2


def test_what_is_kept_is_as_new_as_the_thread():
    moderator, thread = forum.moderator(None), forum.thread(text="Before.")
    path = f"/threads/{thread.pk}/"
    assert "Before." in text_of(browser().get(path))
    post = forum.post(thread, text="Said later.")
    assert "Said later." in text_of(browser().get(path))
    let_post_stand(str(post.pk), Standing.HIDDEN)
    assert "Said later." not in text_of(browser().get(path))
    react(post=forum.first(thread), person=forum.person(), kind="idea", on=True)
    count_stirred()
    assert 'Good idea <span class="num">1</span>' in text_of(browser().get(path))
    lock_thread(thread=thread, by=moderator, locked=True)
    assert "Locked" in text_of(browser().get(path))


@pytest.mark.adversary("D6")
def test_a_category_that_becomes_private_is_closed_at_once_whatever_was_kept():
    thread = forum.thread(text=SECRET)
    path = f"/threads/{thread.pk}/"
    assert SECRET in text_of(browser().get(path))
    category = thread.category
    category.readers = "staff"
    category.save()
    for person in (None, forum.person()):
        answer = browser(person).get(path)
        assert answer.status_code == 404 and SECRET not in text_of(answer)


@pytest.mark.adversary("E15")
def test_nothing_of_a_reader_is_in_what_others_are_shown():
    reader = forum.person(display_name="Curious Reader")
    thread = forum.thread()
    path = f"/threads/{thread.pk}/"
    client = browser(reader, enforce_csrf_checks=True)
    own = client.get(path)
    assert own["Cache-Control"] == "no-store"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text_of(own))[1]
    for odd in (path, f"{path}?lang=en", f"{path}?x=/me.css", f"{path}?after=0.0"):
        strange = browser().get(odd, headers={"X-Forwarded-Host": "evil.example"})
        page = text_of(strange)
        assert not strange.cookies or odd.endswith("lang=en")
        assert "csrfmiddlewaretoken" not in page and token not in page
        assert "Curious Reader" not in page and "evil.example" not in page


@pytest.mark.adversary("E15")
def test_what_is_kept_is_the_same_whoever_came_first():
    person = forum.person(display_name="First Comer")
    thread = forum.thread()
    path = f"/threads/{thread.pk}/"

    def posts(client):
        page = text_of(client.get(path))
        return page[page.index('id="thread-head"') : page.index('</ol>\n<p class="waiting"')]

    first = posts(browser(person))
    forget_pages()
    strange = posts(browser())
    cut = re.compile(r"<nav.*?</nav>", re.DOTALL)
    assert cut.sub("", first) == cut.sub("", strange)


def test_each_language_is_kept_for_itself():
    thread = forum.thread()
    path = f"/threads/{thread.pk}/"
    english = text_of(browser().get(path))
    other = text_of(browser().get(f"{path}?lang=de"))
    assert 'lang="en-GB"' in english and 'lang="de"' in other
    assert text_of(browser().get(path)).count('id="post-') == english.count('id="post-')


# ---- Lists ----


def test_pinned_threads_come_first_then_the_last_written_in():
    place = forum.category()
    old, pinned, _new = (forum.thread(place, title=title) for title in ("Old", "Pinned one", "New"))
    pin_thread(thread=old, by=forum.moderator(None), pinned=False)
    pin_thread(thread=pinned, by=forum.moderator(None), pinned=True)
    forum.post(old)
    page = text_of(browser().get(f"/forum/{place.slug}/"))
    assert page.index("Pinned one") < page.index("Old") < page.index("New<")


def test_older_threads_are_on_further_pages_each_once():
    place = forum.category()
    made = {forum.thread(place, title=f"Thread {n}").pk for n in range(65)}
    path, query, seen = f"/forum/{place.slug}/", "", []
    while query is not None:
        page = text_of(browser().get(path + query))
        seen += [int(key) for key in re.findall(r'<h3><a href="/threads/(\d+)/', page)]
        found = re.search(r'href="(\?after=[^"]+)" rel="next"', page)
        query = found[1] if found else None
    assert len(seen) == len(made) and set(seen) == made


def test_what_is_new_is_said_to_whom_it_is_new():
    from forums.services.reading import read_up_to

    person, thread = forum.person(), forum.thread()
    read_up_to(thread=thread, person=person, number=1)
    for _ in range(3):
        forum.post(thread)
    listed = text_of(browser(person).get(f"/forum/{thread.category.slug}/"))
    assert "3 new since you were here" in listed and f"/threads/{thread.pk}/?at=2" in listed
    assert "new since" not in text_of(browser().get(f"/forum/{thread.category.slug}/"))


def test_empty_places_say_what_will_stand_there():
    assert "Nothing to talk about yet" in text_of(browser().get("/forum/"))
    place = forum.category()
    assert "No threads yet" in text_of(browser().get(f"/forum/{place.slug}/"))
    assert Thread.objects.count() == 0


def test_the_line_in_a_text_s_place_names_the_rule_by_which_readers_lost_it():
    place = forum.category("town/millbank")
    post = forum.post(forum.thread(place))
    item = Item.objects.create(
        kind="post", key=str(post.pk), author=post.author, area=place.area, standing="shown"
    )
    reasons = {
        rule: Reason.objects.create(
            code=f"r{rule}", language="en", title="No", rule=f"Rule {rule}", statement="No."
        )
        for rule in (1, 2, 3)
    }
    ways = [("return", 1, "Rule 1"), ("hide", 2, "Rule 1"), ("remove", 3, "Rule 3")]
    for verb, rule, told in ways:
        decide(
            item=item, by=forum.moderator(), verb=verb, reason=reasons[rule], statement="So it is."
        )
        item.refresh_from_db()
        page = text_of(browser().get(f"/threads/{post.thread_id}/"))
        assert f"<bdi>{told}</bdi>" in page, verb
        assert ("Removed by moderators" in page) == (verb == "remove")
