"""What is around talking: what one follows, search, feeds."""

from django.urls import path

from forums.views import around, feeds, searching

urlpatterns = [
    path("you/forum/", around.your_forum, name="your-forum"),
    path("forum/search/", searching.forum_search, name="forum-search"),
    path("forum/feed/", feeds.forum_feed, name="forum-feed"),
    path("forum/<slug:slug>/feed/", feeds.category_feed, name="category-feed"),
    path("threads/<int:thread>/feed/", feeds.thread_feed, name="thread-feed"),
    path("threads/<int:thread>/follow/", around.thread_follow, name="thread-follow"),
    path("threads/<int:thread>/read/", around.thread_read, name="thread-read"),
    path("threads/<int:thread>/names/", around.thread_names, name="thread-names"),
]
