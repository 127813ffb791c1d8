"""Addresses of one's own data, of mails, and of the public register of processing."""

from django.urls import path

from engage.identity.views import data, mail, register

urlpatterns = [
    path("you/data/", data.data, name="you-data"),
    path("you/data/name/", data.name, name="you-name"),
    path("you/data/claims/", data.claims, name="you-claims"),
    path("you/data/consents/", data.consents, name="you-consents"),
    path("you/data/download/", data.download, name="you-download"),
    path("you/data/download/<str:token>/", data.download_file, name="you-download-file"),
    path("you/data/erase/", data.erase, name="you-erase"),
    path("you/data/erased/", data.erased, name="you-erased"),
    path("you/mail/", mail.mail, name="you-mail"),
    path("you/mail/stop/<str:token>/", mail.stop, name="mail-stop"),
    path("register/", register.register, name="register"),
    path("register.json", register.register_json, name="register-json"),
    path("register.csv", register.register_csv, name="register-csv"),
]
