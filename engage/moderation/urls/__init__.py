"""Every address of moderation: the desk, its lists, and what residents and the public see of it."""

from engage.moderation.urls import desk, lists, people

urlpatterns = [*desk.urlpatterns, *lists.urlpatterns, *people.urlpatterns]
