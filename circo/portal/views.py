from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from circo import registries
from circo.access import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html", {"todos": registries.todos_of(request.user)})
