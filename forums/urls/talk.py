"""Reading and writing in threads."""

from django.urls import path

from forums.views import drafts, front, posts, tending, threads, writing, writing_now

urlpatterns = [
    path("forum/", front.forum_show, name="forum"),
    path("forum/preview/", writing.post_preview, name="post-preview"),
    path("threads/<int:thread>/", threads.thread_show, name="thread"),
    path("threads/<int:thread>/reply/", writing.reply, name="reply"),
    path("threads/<int:thread>/writing/", writing_now.thread_writing, name="thread-writing"),
    path("threads/<int:thread>/official/", writing.thread_official, name="thread-official"),
    path("threads/<int:thread>/tend/", tending.thread_tend, name="thread-tend"),
    path("threads/<int:thread>/turn/", tending.thread_turn, name="thread-turn"),
    path("posts/<int:post>/", threads.post_show, name="post"),
    path("posts/<int:post>/more/", posts.post_more, name="post-more"),
    path("posts/<int:post>/edit/", posts.post_edit, name="post-edit"),
    path("posts/<int:post>/history/", posts.post_past, name="post-history"),
    path("posts/<int:post>/react/", posts.post_react, name="post-react"),
    path("you/drafts/", drafts.drafts, name="drafts"),
    path("you/drafts/keep/", drafts.draft, name="draft"),
]
categories = [
    path("forum/<slug:slug>/", front.category_show, name="category"),
    path("forum/<slug:slug>/new/", writing.thread_new, name="thread-new"),
]
"""What begins with a category's short name, behind all words that are addresses themselves."""
