"""Form fields in the console's style."""

from django import template
from django.forms import BoundField, Select
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

STYLES = {"select": "form-select", "selectmultiple": "form-select", "checkbox": "form-check-input"}


@register.simple_tag
def styled(field: BoundField) -> SafeString:
    """The field's widget with the style of its type, marked where it is wrong."""
    widget = field.field.widget
    if isinstance(widget, Select):
        widget.choices = [_in_language(choice) for choice in widget.choices]
    style = STYLES.get(field.widget_type, "form-control")
    given = str(field.field.widget.attrs.get("class", ""))
    classes = f"{style} {given} {'is-invalid' if field.errors else ''}"
    return field.as_widget(attrs={"class": " ".join(classes.split())})


def _in_language(choice: tuple[object, object]) -> tuple[object, object]:
    """A choice, or a named group of choices, in the reader's language."""
    value, label = choice
    if isinstance(label, list | tuple):
        return _(str(value)), [_in_language(inner) for inner in label]
    # gettext of nothing is the catalogue's header.
    return value, _(str(label)) if label else ""


@register.simple_tag
def chips(field: BoundField) -> SafeString:
    """Check boxes or radio buttons as chips that a thumb can hit."""
    rows = format_html_join(
        "",
        '<label class="form-selectgroup-item" for="{}">{}<span class="form-selectgroup-label">{}'
        "</span></label>",
        (
            (box.id_for_label, _chip_input(box.tag()), _(str(box.choice_label)))
            for box in field.subwidgets
        ),
    )
    return format_html('<div class="form-selectgroup">{}</div>', rows)


def _chip_input(tag: SafeString) -> SafeString:
    return SafeString(tag.replace("<input ", '<input class="form-selectgroup-input" ', 1))
