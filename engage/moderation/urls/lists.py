"""Reasons, words and promises of the desk."""

from django.urls import path

from engage.moderation.views import lists

urlpatterns = [
    path("desk/reasons/", lists.reason_list, name="desk-reasons"),
    path("desk/reasons/new/", lists.reason_new, name="desk-reason-new"),
    path("desk/reasons/<int:pk>/", lists.reason_change, name="desk-reason"),
    path("desk/reasons/<slug:code>/use/", lists.reason_use, name="desk-reason-use"),
    path("desk/reasons/<slug:code>/move/", lists.reason_move, name="desk-reason-move"),
    path("desk/words/", lists.word_list, name="desk-words"),
    path("desk/words/try/", lists.word_try, name="desk-words-try"),
    path("desk/words/<int:pk>/remove/", lists.word_remove, name="desk-word-remove"),
    path("desk/promise/", lists.promise, name="desk-promise"),
]
