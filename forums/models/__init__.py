"""What is talked about: categories, threads and posts, and what readers keep of them.

A post keeps its text as typed and as html, cleaned once when it was written. Its number in the
thread is given when it is first shown, so that numbers are the order in which readers saw it.
"""

from forums.models.categories import Category
from forums.models.pictures import Picture
from forums.models.posts import Mention, Post, Reaction, Revision, Stir
from forums.models.reading import Draft, Follow, Notice, ReadPlace
from forums.models.threads import Thread

__all__ = [
    "Category",
    "Draft",
    "Follow",
    "Mention",
    "Notice",
    "Picture",
    "Post",
    "Reaction",
    "ReadPlace",
    "Revision",
    "Stir",
    "Thread",
]
