"""Which mails somebody wants; and the link in a mail that ends them without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engage.identity.forms.own_data import MailForm
from engage.identity.mail import TOPICS, read_unsubscribe, wants_mail
from engage.identity.services.consenting import choose_mail, stop_mail
from engage.identity.views.discreet import discreet, untraced
from engage.web.limits import limited


@require_http_methods(["GET", "HEAD", "POST"])
@discreet
@login_required
@limited("write")
def mail(request: HttpRequest) -> HttpResponse:
    wanted = [about for about in TOPICS if wants_mail(request.user, about)]
    form = MailForm(request.POST if request.method == "POST" else None, initial={"wanted": wanted})
    if request.method == "POST" and form.is_valid():
        choose_mail(person=request.user, wanted=set(form.cleaned_data["wanted"]))
        messages.success(request, _("Kept. From now on you get only these mails."))
        return redirect("you-mail")
    return render(request, "you/mail.html", {"form": form})


@csrf_exempt  # a mail program sends this form (RFC 8058); the signed link is the permission
@require_http_methods(["GET", "HEAD", "POST"])
@untraced
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: mail scanners open every link. Doing it twice is doing it once."""
    found = read_unsubscribe(token)
    if found is None:
        raise Http404
    person, about = found
    if request.method == "POST":
        stop_mail(person=person, about=about)
    context = {"about": TOPICS[about], "is_done": request.method == "POST"}
    response = render(request, "you/mail_stop.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
