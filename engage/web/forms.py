"""How every form is drawn: label, hint, error, input in that order, and an error summary."""

from django.forms.renderers import TemplatesSetting


class TownRenderer(TemplatesSetting):
    """Forms and fields from our own templates in ``templates/forms/``."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    formset_template_name = "forms/formset.html"
