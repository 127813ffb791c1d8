import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory


class EveryField(forms.Form):
    title = forms.CharField(label="Question", help_text="Shown to everyone")
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    opens = forms.DateTimeField(
        label="Opens", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    method = forms.ChoiceField(
        label="Method", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, help_text="How"
    )
    kinds = forms.MultipleChoiceField(
        label="Kinds", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    who = forms.ChoiceField(label="Who", choices=[("", "–"), ("all", "All")])
    sure = forms.BooleanField(label="I am sure", help_text="No way back")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("These do not go together.")


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def ids(self):
        return [a["id"] for _, a in self.found if "id" in a]

    def named(self, name):
        return [a for _, a in self.found if a.get("name") == name]


@pytest.fixture
def wrong():
    return EveryField({"title": "", "sure": ""})


def test_a_field_is_label_hint_error_input_in_that_order(wrong):
    text = wrong["title"].as_field_group()
    order = [text.index(part) for part in ("<label", "_helptext", "_error", "<input")]
    assert order == sorted(order)


@pytest.mark.parametrize("form", [EveryField(), EveryField({})], ids=["fresh", "wrong"])
def test_every_description_points_at_something_that_is_there(form):
    tags = Tags(str(form))
    ids = tags.ids()
    assert len(ids) == len(set(ids))
    told = [a["aria-describedby"] for _, a in tags.found if "aria-describedby" in a]
    assert told
    assert {each for ids_told in told for each in ids_told.split()} <= set(ids)


def test_every_input_has_a_label_and_groups_have_a_legend(wrong):
    text = str(wrong)
    tags = Tags(text)
    labelled = {a.get("for") for tag, a in tags.found if tag == "label"}
    inputs = [a for tag, a in tags.found if tag in {"input", "select", "textarea"}]
    assert all(a["id"] in labelled for a in inputs if a.get("type") != "hidden")
    assert text.count("<fieldset") == text.count("<legend") == 2


def test_wrong_inputs_say_so_and_keep_what_was_typed():
    form = EveryField({"title": "A question", "opens": "tomorrow"})
    opens = Tags(str(form)).named("opens")[0]
    assert opens["aria-invalid"] == "true"
    assert opens["value"] == "tomorrow"
    assert "aria-invalid" not in Tags(str(form)).named("title")[0]


def test_the_summary_comes_first_takes_the_focus_and_links_to_each_field(wrong):
    text = render_to_string("forms/summary.html", {"form": wrong})
    box = Tags(text).found[0][1]
    assert (box["id"], box["tabindex"], "autofocus" in box) == ("errors", "-1", True)
    targets = re.findall(r'href="#([^"]+)"', text)
    assert set(targets) <= set(Tags(str(wrong)).ids())
    assert len(targets) == 6
    assert "7 things to put right" in text
    assert "These do not go together." in text


def test_no_summary_without_something_to_put_right():
    assert render_to_string("forms/summary.html", {"form": EveryField()}).strip() == ""
    assert render_to_string("forms/summary.html", {}).strip() == ""


def test_rows_of_a_form_set_are_summed_up_but_not_those_taken_out():
    rows = forms.formset_factory(EveryField, can_delete=True)
    data = {
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0",
        "form-0-title": "x", "form-1-title": "y", "form-1-DELETE": "on",
    }  # fmt: skip
    text = render_to_string("forms/summary.html", {"options": rows(data)})
    assert "#id_form-0-opens" in text
    assert "id_form-1" not in text


def test_a_page_with_errors_says_so_in_its_title(wrong):
    request = RequestFactory().get("/")
    page = render_to_string("errors/404.html", {"form": wrong, "status": 404}, request)
    assert "<title>Error: " in page


def test_placeholders_never_stand_in_for_labels():
    class Sample(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Code", "class": "x"}))

    field = Tags(str(Sample())).named("code")[0]
    assert "placeholder" not in field
    assert field["class"] == "input x"
