"""The forms of the admin: choices in scope, what is already there kept, each refusal near its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model


def is_key(model: type[Model], text: str) -> bool:
    """Tell whether a row of the model could have this key: neither a word, nor a number that no database holds."""
    try:
        model._meta.pk.run_validators(model._meta.pk.to_python(text))
    except ValidationError:
        return False
    return True


class Autocomplete(AutocompleteSelect):
    """A field with suggestions. The label of the object already chosen is given by the form, without a query."""

    known: dict[str, str] = {}

    def optgroups(self, name, value, attr=None):
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        for key, label in self._labels([str(one) for one in value if one]).items():
            options.append(self.create_option(name, key, label, True, len(options)))
        return [(None, options, 0)]

    def _labels(self, keys: list[str]) -> dict[str, str]:
        labels = {key: self.known[key] for key in keys if key in self.known}
        missing = [key for key in keys if key not in labels and is_key(self.choices.queryset.model, key)]
        if missing:
            labels |= {str(row.pk): str(row) for row in self.choices.queryset.filter(pk__in=missing)}
        return labels


class ScopedForm(forms.ModelForm):
    """`near` names, for a constraint of the model, the field that its message stands beside."""

    near: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                self._keep(name, field)

    def _keep(self, name: str, field: forms.ModelChoiceField) -> None:
        """Let the value already there stay, even if one would not be offered it today."""
        key = getattr(self.instance, f"{name}_id", None)
        if key is None or field.queryset is None:
            return
        model = field.queryset.model
        field.queryset = field.queryset | model._default_manager.filter(pk=key)
        if isinstance(field.widget, Autocomplete) and name in self.instance._state.fields_cache:
            field.widget.known = {str(key): str(getattr(self.instance, name))}

    def add_error(self, field: str | None, error: Any) -> None:
        if field is None and hasattr(error, "error_dict"):
            error = ValidationError(self._placed(error.error_dict))
        super().add_error(field, error)

    def _placed(self, errors: dict[str, list[ValidationError]]) -> dict[str, list[ValidationError]]:
        places = _places(self._meta.model, self.near)
        placed: dict[str, list[ValidationError]] = {}
        for name, found in errors.items():
            for one in found:
                target = places.get(str(one.message), name) if name == NON_FIELD_ERRORS else name
                placed.setdefault(target if target in self.fields else name, []).append(one)
        return placed


def _places(model: type[Model], near: dict[str, str]) -> dict[str, str]:
    constraints = model._meta.constraints
    return {str(c.violation_error_message): near[c.name] for c in constraints if c.name in near}


class ScopedFormSet(forms.BaseInlineFormSet):
    """Rows of another hand, seen but not edited, stay as they are. `editable` is set by the inline."""

    editable: Any = None

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.instance.pk and form.instance.pk not in self._editable_ids():
            for name, field in form.fields.items():
                field.disabled = name != self._pk_field.name

    def _editable_ids(self) -> frozenset:
        if not hasattr(self, "_ids"):
            self._ids = frozenset(self.editable.order_by().values_list("pk", flat=True))
        return self._ids
