"""A page of the tests alone: an excerpt as a learner's page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils import timezone

from circo.access import signed_in
from trainings.models import Enrolment, Question, StepExcerpt
from trainings.watching import queries, tokens
from videos.rules import timecode

PAGE = """{% extends "base.html" %}
{% load static %}
{% block title %}Regarder{% endblock %}
{% block styles %}<link rel="stylesheet" href="{% static 'css/videos.css' %}">
  <link rel="stylesheet" href="{% static 'css/lecteur.css' %}">
  <link rel="stylesheet" href="{% static 'css/suivi.css' %}">{% endblock %}
{% block scripts %}<script src="{% static 'js/lecteur-video.js' %}" type="module"></script>
  <script src="{% static 'js/extrait.js' %}" type="module"></script>
  <script src="{% static 'js/parcours-suivi.js' %}" type="module"></script>{% endblock %}
{% block content %}<h1>Regarder</h1>
{% include "trainings/watching/player.html" %}{% endblock %}"""
STOP = """<form method="post" action="."><label>Réponse à « {{ stop.question.text }} »
  <input class="input" name="answer"></label></form>"""


@dataclass(frozen=True)
class Stop:
    question: Question
    is_answered: bool = False

    @property
    def pk(self) -> int:
        return self.question.pk

    @property
    def at_s(self) -> float:
        return self.question.at_s

    @property
    def timecode(self) -> str:
        return timecode(self.at_s)


@signed_in
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    excerpt = StepExcerpt.objects.select_related("film", "step").get(pk=pk)
    enrolment = Enrolment.objects.visible_to(request.user).first()
    engine = engines["django"]
    context = {
        "excerpt": excerpt,
        "seen": queries.seen_of(enrolment, [excerpt])[excerpt.pk],
        "token": "" if "apercu" in request.GET else tokens.token_for(enrolment, excerpt, now=timezone.now()),
        "who": request.user.pk,
        "stops": [Stop(one) for one in excerpt.step.questions.order_by("at_s")],
        "stop_template": engine.from_string(STOP).template,
    }
    return HttpResponse(engine.from_string(PAGE).render(context, request))


urlpatterns = [path("essai/<int:pk>/", watch, name="essai"), path("", include("circo.urls"))]
handler404 = "circo.portal.errors.not_found"
