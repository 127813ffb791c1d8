"""Pictures of posts: said in words, remade, seen by whoever sees the post, forgotten alone."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from engage.domain.errors import DomainError
from engage.identity.services.forgetting import forget
from engage.moderation.domain.standing import Standing
from forums.models import Category, Picture, Post
from forums.services.picturing import MOST_WAITING, SENTENCES, add_picture
from tests.forums import forum

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html"}


def drawn(form="JPEG", size=(40, 20)):
    out = io.BytesIO()
    Image.new("RGB", size).save(out, form)
    return out.getvalue()


def sent(name="photo.jpg", raw=None):
    return SimpleUploadedFile(name, drawn() if raw is None else raw, "image/jpeg")


def picture(by, alt="A bench", post=None):
    made = add_picture(by=by, alt=alt, raw=drawn())
    if post is not None:
        Picture.objects.filter(pk=made.pk).update(post=post)
    return made


@pytest.fixture
def writer(client):
    person = forum.person()
    client.force_login(person)
    client.defaults["HTTP_ACCEPT"] = "text/html"
    return person


def test_a_picture_is_kept_remade_with_its_words():
    by = forum.person()
    made = add_picture(by=by, alt="  A bench\n by the river ", raw=drawn("PNG"))
    made.refresh_from_db()
    assert (made.alt, made.kind, made.width, made.height) == (
        "A bench by the river",
        "jpeg",
        40,
        20,
    )
    assert bytes(made.content) != drawn("PNG")
    assert (made.by, made.post) == (by, None)


@pytest.mark.parametrize(
    ("alt", "raw", "code"),
    [("", None, "alt"), (" \u200b", None, "alt"), ("a\x00", None, "alt"),
     ("a" * 301, None, "alt-long"),
     ("A bench", b"<svg onload=alert(1)>", "kind"), ("A bench", drawn()[:-300], "broken"),
     ("A bench", b"\xff\xd8\xff" + bytes(8_000_000), "large")],
)  # fmt: skip
def test_each_refusal_says_what_to_do_and_keeps_nothing(alt, raw, code):
    with pytest.raises(DomainError) as refused:
        add_picture(by=forum.person(), alt=alt, raw=drawn() if raw is None else raw)
    assert refused.value.code == f"picture.{code}"
    assert refused.value.sentence == SENTENCES[code]
    assert not Picture.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_more_wait_than_may_also_of_those_sent_at_once(at_once):
    by = forum.person()
    for _number in range(MOST_WAITING - 1):
        picture(by)
    answers = at_once(lambda _number: picture(by), 4)
    assert sum(isinstance(answer, Picture) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, DomainError)} == {
        "picture.many"
    }


def test_what_no_post_took_within_a_day_is_forgotten():
    by, post = forum.person(), forum.first(forum.thread())
    old, fresh, taken = picture(by), picture(by), picture(by, post=post)
    Picture.objects.exclude(pk=fresh.pk).update(at=timezone.now() - timedelta(days=1))
    told = {each.what: each.count for each in forget(timezone.now())}
    assert told["pictures"] == 1
    assert set(Picture.objects.values_list("pk", flat=True)) == {fresh.pk, taken.pk}
    assert {each.what: each.count for each in forget(timezone.now())}["pictures"] == 0
    assert old.pk not in {fresh.pk, taken.pk}


def test_it_goes_with_the_form_of_a_post_without_any_script(client, writer):
    place = forum.category()
    path = f"/forum/{place.slug}/new/"
    assert 'type="file"' in client.get(path).content.decode()
    typed = {"title": "Benches", "text": "Look at these.", "picture_alt": "A bench"}
    page = client.post(path, typed | {"picture_file": sent(), "act": "picture"}).content.decode()
    waits = Picture.objects.get()
    assert not Post.objects.exists()
    assert "Look at these.</textarea>" in page
    assert f'name="picture" value="{waits.pk}"' in page
    answer = client.post(path, typed | {"picture": str(waits.pk)})
    waits.refresh_from_db()
    assert answer.status_code == 302
    assert waits.post == Post.objects.get()
    shown = client.get(f"/threads/{waits.post.thread_id}/").content.decode()
    assert f'<img src="/pictures/{waits.pk}/" width="40" height="20" alt="A bench"' in shown


def test_a_file_that_is_sent_with_the_last_button_goes_along(client, writer):
    thread = forum.thread()
    typed = {"text": "Look.", "picture_alt": "A bench", "picture_file": sent()}
    assert client.post(f"/threads/{thread.pk}/reply/", typed).status_code == 302
    assert Picture.objects.get().post == thread.posts.get(author=writer)


@pytest.mark.parametrize("more", [{"picture_alt": ""}, {"picture_file": sent(raw=b"<svg/>")}])
def test_a_picture_that_is_refused_sends_nothing_and_loses_nothing(client, writer, more):
    thread = forum.thread()
    typed = {"text": "Look at this.", "picture_alt": "A bench", "picture_file": sent()} | more
    page = client.post(f"/threads/{thread.pk}/reply/", typed).content.decode()
    assert "Look at this.</textarea>" in page
    assert f'value="{typed["picture_alt"]}"' in page
    assert any(str(SENTENCES[code]) in page for code in ("alt", "kind"))
    assert not thread.posts.filter(author=writer).exists()


def test_one_that_is_left_out_does_not_go_along(client, writer):
    thread = forum.thread()
    stays, goes = picture(writer, "Stays"), picture(writer, "Goes")
    typed = {"text": "Look.", "picture": [str(stays.pk), str(goes.pk)], "drop": str(goes.pk)}
    page = client.post(f"/threads/{thread.pk}/reply/", typed).content.decode()
    assert (str(stays.pk) in page, str(goes.pk) in page) == (True, False)


@pytest.mark.adversary("D2")
def test_nobody_takes_another_s_picture_nor_one_that_is_in_a_post(client, writer):
    thread = forum.thread()
    theirs, taken = picture(forum.person()), picture(writer, post=forum.first(thread))
    typed = {"text": "Mine.", "picture": [str(theirs.pk), str(taken.pk), "x", str(uuid.uuid4())]}
    assert client.post(f"/threads/{thread.pk}/reply/", typed).status_code == 302
    mine = thread.posts.get(author=writer)
    assert not mine.pictures.exists()


def test_four_are_the_most_of_a_post(client, writer):
    thread = forum.thread()
    made = [picture(writer) for _number in range(6)]
    typed = {"text": "x", "picture": [each.pk for each in made], "act": "preview"}
    page = client.post(f"/threads/{thread.pk}/reply/", typed).content.decode()
    assert page.count('<input type="hidden" name="picture" value=') == 4
    assert '<div class="stack" data-picture-fields hidden>' in page


def test_a_script_sends_it_ahead_and_hears_its_address(client, writer):
    asks = {"Accept": "application/json"}
    typed = {"picture_alt": "A bench", "picture_file": sent()}
    answer = client.post("/pictures/", typed, headers=asks)
    told = answer.json()
    assert answer.status_code == 201
    assert told == {"id": str(Picture.objects.get().pk), "url": f"/pictures/{told['id']}/",
                    "alt": "A bench"}  # fmt: skip
    for broken in ({"picture_file": sent()}, {"picture_alt": "A bench"}, {}):
        assert client.post("/pictures/", broken, headers=asks).status_code == 403


PEOPLE = ("stranger", "resident", "author", "moderator")
SEEN = [
    ({}, Standing.SHOWN, PEOPLE),
    ({"readers": Category.Readers.ACCOUNT}, Standing.SHOWN, PEOPLE[1:]),
    ({"readers": Category.Readers.STAFF}, Standing.SHOWN, PEOPLE[3:]),
    ({}, Standing.HELD, PEOPLE[2:]),
    ({}, Standing.HIDDEN, PEOPLE[2:]),
    ({}, Standing.REMOVED, PEOPLE[3:]),
]


@pytest.mark.adversary("D2")
@pytest.mark.adversary("D6")
@pytest.mark.parametrize(("place", "standing", "seers"), SEEN)
def test_a_picture_is_seen_by_whoever_sees_its_post(client, place, standing, seers):
    author = forum.person()
    thread = forum.thread(forum.category(**place))
    post = forum.post(thread, author, standing=standing)
    made = picture(author, post=post)
    people = {"resident": forum.person(), "author": author, "moderator": forum.moderator(None)}
    for who in PEOPLE:
        client.logout()
        if who in people:
            client.force_login(people[who])
        answer = client.get(f"/pictures/{made.pk}/", headers=HTML)
        assert answer.status_code == (200 if who in seers else 404), who
        if who in seers:
            public = "stranger" in seers
            cached = "public, max-age=60" if public else "private, no-store"
            assert answer["Cache-Control"] == cached


def test_before_it_is_sent_only_its_uploader_sees_it(client):
    by = forum.person()
    made = picture(by)
    for person, status in ((None, 404), (forum.moderator(None), 404), (by, 200)):
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(f"/pictures/{made.pk}/", headers=HTML).status_code == status


@pytest.mark.adversary("F3")
def test_it_is_served_sealed_off_and_asked_for_once(client, django_assert_num_queries):
    made = picture(forum.person(), post=forum.first(forum.thread()))
    with django_assert_num_queries(1):
        answer = client.get(f"/pictures/{made.pk}/")
    assert answer.content == bytes(made.content)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'attachment; filename="{made.pk}.jpg"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    again = client.get(f"/pictures/{made.pk}/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.adversary("D6")
def test_what_became_private_is_closed_also_to_who_has_it(client):
    place = forum.category()
    made = picture(forum.person(), post=forum.first(forum.thread(place)))
    tag = client.get(f"/pictures/{made.pk}/")["ETag"]
    Category.objects.filter(pk=place.pk).update(readers=Category.Readers.STAFF)
    answer = client.get(f"/pictures/{made.pk}/", headers={"If-None-Match": tag} | HTML)
    assert answer.status_code == 404


@pytest.mark.parametrize("path", [f"/pictures/{uuid.UUID(int=1)}/", "/pictures/x/", "/pictures/1/"])
def test_there_are_no_other_pictures(client, path):
    assert client.get(path, headers=HTML).status_code == 404
