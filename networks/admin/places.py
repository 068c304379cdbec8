"""The admin of networks, third places."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils import timezone

from circo.access import Permission
from circo.admin.fields import ScopedForm
from circo.admin.history import KeptAdmin
from circo.admin.work import Work
from circo.queries import counted
from networks.models import Booking, ThirdPlace
from networks.places import rules


class ThirdPlaceForm(ScopedForm):
    near = {
        "third_place_name_once": "name",
        "third_place_somewhere": "address",
        "third_place_whole_position": "latitude",
    }
    equipment = forms.MultipleChoiceField(
        label="Équipement",
        required=False,
        choices=[(code.value, words.capitalize()) for code, words in rules.EQUIPMENT_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    link = forms.URLField(
        label="Lien",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=ThirdPlace._meta.get_field("link").help_text,
        error_messages={"invalid": "Écrivez un lien entier, qui commence par https://"},
    )

    class Meta:
        model = ThirdPlace
        fields = "__all__"  # the admin narrows them

    def clean_closed_on(self):
        """Nobody finds a closed door: what is booked after that day is given back first, by the page of the place."""
        closed_on = self.cleaned_data["closed_on"]
        if closed_on and self.instance.pk:
            coming = Booking.objects.in_force().filter(place=self.instance, ends_at__gte=timezone.now())
            if count := coming.filter(starts_at__date__gte=closed_on).count():
                words = "Une réservation est prise" if count == 1 else f"{count}\u00a0réservations sont prises"
                raise forms.ValidationError(f"{words} à partir de ce jour. Annulez d’abord, depuis la page du lieu.")
        return closed_on


@admin.register(ThirdPlace)
class ThirdPlaceAdmin(KeptAdmin):
    form = ThirdPlaceForm
    work = Work.PLACES
    rank = 2
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.KEEP_THIRD_PLACES
    fields = (
        "district",
        "is_shared",
        "kind",
        "name",
        "address",
        "link",
        "salon",
        "capacity",
        "opening",
        "equipment",
        "other_equipment",
        "access_notes",
        "contact",
        "latitude",
        "longitude",
        "closed_on",
    )
    list_display = ("name", "kind", "district", "is_shared", "capacity", "coming", "closed_on")
    list_select_related = ("district",)
    list_filter = ("district", "kind", "is_shared", ("closed_on", admin.EmptyFieldListFilter))
    search_fields = ("name", "address")
    search_help_text = "Un nom ou une adresse."

    def get_queryset(self, request):
        coming = Booking.objects.in_force().filter(ends_at__gte=timezone.now())
        return super().get_queryset(request).annotate(coming_count=counted(coming, "place"))

    def choices_of(self, request, field):
        """Never the salon of a group: its name would be read by a team that does not enter it."""
        rows = super().choices_of(request, field)
        return rows.filter(group=None) if field.name == "salon" else rows

    @admin.display(description="réservations à venir", ordering="coming_count")
    def coming(self, place: ThirdPlace) -> int:
        return place.coming_count
