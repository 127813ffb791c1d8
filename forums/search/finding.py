"""What of the forums answers a question, among what this person may read.

The permission is inside the query, so that nothing is counted, ranked or left out afterwards.
Deliberately absent: results beyond the tenth page; whoever needs those asks more exactly.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connections
from django.db.models import QuerySet

from engage.identity.rules import Person
from forums.domain.queries import BEGINS, Excerpt, Query, Term, beginnings, highlighted
from forums.domain.quoting import plain
from forums.models import Category, Post
from forums.selectors.readable import readable_posts

A_PAGE = 20
MOST_PAGES = 10
TITLE_COUNTS = 6.0


@dataclass(frozen=True, slots=True)
class Filters:
    """Only in this category, only what was first shown since then."""

    category: Category | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Hit:
    """A post that was found, with its thread's title and a piece of it."""

    post: Post
    title: Excerpt
    words: Excerpt


@dataclass(frozen=True)
class Found:
    """One page of hits; ``more``: there is another one."""

    hits: list[Hit]
    page: int = 1
    more: bool = False


def search(person: Person, query: Query, filters: Filters, page: int = 1) -> Found:
    """The best hits first, the newer of two that are equally good. One query.

    What is not shown at this moment is not found, by anybody.
    """
    if not query:
        return Found([])
    posts = readable_posts(person).select_related("thread__category", "author")
    if filters.category:
        posts = posts.filter(thread__category=filters.category)
    if filters.since:
        posts = posts.filter(shown_at__gte=filters.since)
    start = (page - 1) * A_PAGE
    rows = list(_ranked(posts, query)[start : start + A_PAGE + 1])
    hits = [_hit(post, query) for post in rows[:A_PAGE]]
    return Found(hits, page, len(rows) > A_PAGE and page < MOST_PAGES)


def forget_words() -> None:
    """Let nothing of deleted texts stay in the index; costs as much as the index is large."""
    if connections["default"].vendor == "sqlite":  # PostgreSQL's index goes with its rows
        with connections["default"].cursor() as cursor:
            cursor.execute("INSERT INTO forums_search (forums_search) VALUES ('optimize')")


def _hit(post: Post, query: Query) -> Hit:
    title = post.thread.title
    return Hit(post, highlighted(title, query, len(title)), highlighted(plain(post.html), query))


def _ranked(posts: QuerySet[Post], query: Query) -> QuerySet[Post]:
    ranked = _by_sqlite if connections[posts.db].vendor == "sqlite" else _by_postgresql
    return ranked(posts, query).order_by("-rank", "-shown_at", "-pk")


def _by_sqlite(posts: QuerySet[Post], query: Query) -> QuerySet[Post]:
    return posts.extra(  # noqa: S610  constants; what is asked is a parameter
        select={"rank": f"-bm25(forums_search, {TITLE_COUNTS}, 1.0)"},
        tables=["forums_search"],
        where=["forums_search.rowid = forums_post.id", "forums_search MATCH %s"],
        params=[match_of(query)],
    )


def match_of(query: Query) -> str:
    """The question in the language of FTS5; words are letters and numbers only, and in quotes."""
    wanted = " AND ".join(_quoted(term, begins=True) for term in query.wanted)
    unwanted = " OR ".join(_quoted(term) for term in query.unwanted)
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _quoted(term: Term, *, begins: bool = False) -> str:
    """A word as it begins, with or without its ending; what is short or in a row, exactly so."""
    if term.row or not begins or len(term.text) < BEGINS:
        return f'"{term.text}"'
    return "(" + " OR ".join(f'"{word}" *' for word in beginnings(term.text)) + ")"


def _by_postgresql(posts: QuerySet[Post], query: Query) -> QuerySet[Post]:
    wanted = [_tsquery(term, begins=True) for term in query.wanted]
    unwanted = [_tsquery(term) for term in query.unwanted]
    asked = " && ".join([sql for sql, _ in wanted] + [f"!! {sql}" for sql, _ in unwanted])
    params = [each for _, values in wanted + unwanted for each in values]
    return posts.extra(  # noqa: S610  constants; what is asked is a parameter
        select={"rank": f"ts_rank(forums_post.words, {asked})"},
        select_params=params,
        where=[f"forums_post.words @@ ({asked})"],
        params=params,
    )


def _tsquery(term: Term, *, begins: bool = False) -> tuple[str, list[str]]:
    """A word by its stem in either language or as it begins; several in a row as they stand."""
    if term.row:
        return "phraseto_tsquery('simple', %s)", [term.text]
    longer = ":*" if begins and len(term.text) >= BEGINS else ""
    sql = "(plainto_tsquery('english', %s) || plainto_tsquery('german', %s)"
    exact = f"'{term.text}'{longer}"
    return f"{sql} || to_tsquery('simple', %s))", [term.text, term.text, exact]
