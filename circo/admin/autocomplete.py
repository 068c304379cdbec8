"""Suggestions while somebody types: the very rows that the field would accept, and no other."""

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied


class Suggestions(AutocompleteJsonView):
    """Answers for a field of a model whose admin is ours; refused to whoever may not edit that model."""

    def process_request(self, request):
        answer = super().process_request(request)
        field = answer[2]
        if not self.admin_site.is_registered(field.model):
            raise PermissionDenied
        self.source_admin = self.admin_site.get_model_admin(field.model)
        if not hasattr(self.source_admin, "choices_of"):
            raise PermissionDenied
        return answer

    def has_perm(self, request, obj=None):
        return self.source_admin.may_edit(request)

    def get_queryset(self):
        rows = self.source_admin.choices_of(self.request, self.source_field)
        found, may_repeat = self.model_admin.get_search_results(self.request, rows, self.term)
        return found.distinct() if may_repeat else found
