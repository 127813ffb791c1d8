"""Texts in versions: what holds, what held, who may publish, what a reader gets."""

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from engage.domain.errors import DomainError
from engage.management.texts import fill_texts, sample_texts
from engage.web.markdown import to_html
from engage.web.models import Text
from engage.web.selectors import newest_text, newest_texts, reading
from engage.web.services import publish_text
from engage.web.town import present_town
from tests.voting import polls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_town")]

LIST, WRITE, READ = "/office/texts/", "/office/texts/privacy/en/", "/pages/privacy/"
HTML = {"Accept": "text/html"}


def publish(after=0, slug="privacy", language="en", title="Privacy", body="Words", by=None):
    by = by or polls.person("administrator")
    return publish_text(
        allowed=True, by=by.pk, slug=slug, language=language, title=title, body=body, after=after
    )


@pytest.fixture
def office(client):
    client.force_login(polls.person("administrator"))
    client.defaults["HTTP_ACCEPT"] = "text/html"
    return client


def test_versions_follow_each_other_and_none_is_changed():
    for number in range(3):
        publish(number, body=f"Words {number}")
    kept = Text.objects.order_by("version").values_list("version", "body")
    assert list(kept) == [(1, "Words 0"), (2, "Words 1"), (3, "Words 2")]
    assert newest_text("privacy", "en").version == 3


def test_the_same_words_are_published_once():
    assert publish(0) == publish(0) == publish(1)
    assert Text.objects.count() == 1


@pytest.mark.parametrize("after", [0, 2])
def test_nobody_publishes_over_what_they_have_not_seen(after):
    publish()
    with pytest.raises(DomainError) as refusal:
        publish(after, body="Other words")
    assert refusal.value.code == "text.conflict"
    assert Text.objects.count() == 1


def test_whoever_may_not_publishes_nothing():
    with pytest.raises(DomainError) as refusal:
        publish_text(allowed=False, by=polls.person().pk, slug="privacy", language="en",
                     title="x", body="x", after=0)  # fmt: skip
    assert refusal.value.code == "text.forbidden"
    assert not Text.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_publishes_and_the_others_are_told(at_once):
    by = polls.person("administrator")
    answers = at_once(lambda number: publish(0, body=f"Words {number}", by=by), 12)
    assert sum(isinstance(answer, Text) for answer in answers) == 1
    refused = [answer for answer in answers if not isinstance(answer, Text)]
    assert {getattr(answer, "code", answer) for answer in refused} == {"text.conflict"}


def test_the_database_refuses_a_version_twice_and_version_none():
    values = {"slug": "privacy", "language": "en", "title": "x", "body": "x"}
    Text.objects.create(version=1, **values)
    for number in (0, 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            Text.objects.create(version=number, **values)


def test_a_text_outlives_whoever_published_it():
    text = publish()
    text.by.delete()
    assert Text.objects.get().by is None


LANGUAGES = [
    ({"en", "de"}, "de", "de"),
    ({"en", "de"}, "en", "en"),
    ({"en"}, "de", "en"),
    ({"de"}, "en", "de"),
]


@pytest.mark.parametrize(("there", "wanted", "read"), LANGUAGES)
def test_a_reader_gets_their_language_or_is_told_which_one(client, there, wanted, read):
    for language in there:
        publish(language=language, title=f"Title {language}")
    text = client.get(READ, {"lang": wanted}, headers=HTML).content.decode()
    assert f"<h1>Title {read}</h1>" in text
    assert (f'<article class="stack" lang="{read}"' in text) is (read != wanted)
    assert ('<p class="note">' in text) is (read != wanted)


def test_older_versions_stay_readable_and_say_so(client):
    publish(0, body="First words")
    publish(1, body="Second words")
    now = client.get(READ, headers=HTML).content.decode()
    before = client.get(READ, {"version": "1"}, headers=HTML).content.decode()
    assert "Second words" in now
    assert "no longer holds" not in now
    assert "First words" in before
    assert "This is version 1, which no longer holds." in before


@pytest.mark.parametrize(
    "path",
    ["/pages/imprint/", "/pages/nothing/", "/pages/privacy/?version=9", "/pages/privacy/?version=0",
     "/pages/privacy/?version=1%00", "/pages/privacy/?version=99999999999999999999",
     "/pages/privacy/?version=x", "/pages/privacy/?version=-1"],
)  # fmt: skip
def test_what_was_never_published_is_not_there(client, path):
    publish()
    assert client.get(path, headers=HTML).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_asks_twice_however_many_versions(client, number, django_assert_num_queries):
    for after in range(number):
        publish(after, body=f"Words {after}")
    client.get(READ, headers=HTML)
    with django_assert_num_queries(2):
        client.get(READ, headers=HTML)


@pytest.mark.parametrize("number", [1, 3])
def test_the_office_s_list_asks_once_for_all_texts(office, number, django_assert_num_queries):
    for slug in Text.Slug.values[:number]:
        publish(slug=slug)
    office.get(LIST)
    with django_assert_num_queries(4):  # the session, the person, their roles, the texts
        office.get(LIST)
    assert len(newest_texts()) == number


def test_the_list_says_what_is_missing(office):
    everything = len(Text.Slug) * len(settings.LANGUAGES)
    assert f"{everything} texts are missing" in office.get(LIST).content.decode()
    fill_texts(polls.person("administrator"))
    assert "Every text is there in every language." in office.get(LIST).content.decode()


def test_a_preview_publishes_nothing(office):
    typed = {"title": "Privacy", "body": "We **keep** little", "after": "0", "preview": "1"}
    text = office.post(WRITE, typed).content.decode()
    assert "<p>We <strong>keep</strong> little</p>" in text
    assert "We **keep** little</textarea>" in text
    assert not Text.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_publishing_links_it_from_every_page(office):
    typed = {"title": "How we keep data", "body": "Little", "after": "0", "publish": "1"}
    answer = office.post(WRITE, typed, follow=True).content.decode()
    assert "Published. It holds from now on." in answer
    footer = office.get("/help/voting/").content.decode().split("<footer")[1]
    assert '<a href="/pages/privacy/">How we keep data</a>' in footer
    german = office.get("/help/voting/", {"lang": "de"}).content.decode().split("<footer")[1]
    assert '<a href="/pages/privacy/" lang="en">How we keep data</a>' in german
    assert present_town().texts["privacy"] == {"en": "How we keep data"}


def test_an_overtaken_writer_keeps_their_words_and_may_go_on(office):
    publish(0, body="Theirs")
    typed = {"title": "Privacy", "body": "Mine", "after": "0", "publish": "1"}
    text = office.post(WRITE, typed).content.decode()
    assert "Somebody published another version while you were writing." in text
    assert "Mine</textarea>" in text
    assert 'name="after" value="1"' in text
    assert office.post(WRITE, typed | {"after": "1"}).status_code == 302
    assert newest_text("privacy", "en").body == "Mine"


@pytest.mark.parametrize("path", ["/office/texts/nothing/en/", "/office/texts/privacy/xx/"])
def test_there_are_these_texts_in_these_languages(office, path):
    assert office.get(path).status_code == 404


@pytest.mark.adversary("D3")
def test_no_field_but_the_words_can_be_sent(office):
    typed = {"title": "T", "body": "B", "after": "0", "publish": "1", "slug": "imprint",
             "language": "de", "version": "9", "by": "1", "published_at": "2000-01-01"}  # fmt: skip
    office.post(WRITE, typed)
    text = Text.objects.get()
    assert (text.slug, text.language, text.version) == ("privacy", "en", 1)
    assert text.by_id == office.get(LIST).wsgi_request.user.pk
    assert text.published_at.year > 2000


def test_the_sample_town_has_every_text_in_every_language_and_writes_them_once():
    by = polls.person("administrator")
    fill_texts(by)
    fill_texts(by)
    texts = list(sample_texts())
    assert Text.objects.count() == len(texts) == len(Text.Slug) * len(settings.LANGUAGES)
    assert {slug for slug, *_ in texts} == set(Text.Slug.values)
    for slug, language, title, body in texts:
        found = reading(slug, language).text
        assert (found.language, found.title, found.body) == (language, title, body)


@pytest.mark.parametrize(
    ("source", "top", "headings"),
    [("## A\n\n### B", 2, ["h2", "h3"]), ("# A", 3, ["h3"]), ("#### A", 3, ["h3"]),
     ("# A\n\n## B\n\n### C\n\n#### D", 3, ["h3", "h4", "h5", "h5"]), ("<h1>A</h1>", 3, [])],
)  # fmt: skip
def test_headings_begin_under_the_page_s_own(source, top, headings):
    html = to_html(source, top=top)
    assert [part[:2] for part in html.split("<")[1:] if part[0] == "h"] == headings
