"""Verbs of a learner: take a path, say what one knows, do its steps."""

from trainings.learning.actions.answering import answer
from trainings.learning.actions.doing import confirm, deposit, observe, read, write
from trainings.learning.actions.enrolling import come_back, enrol, leave, move_to_current, set_wishes
from trainings.learning.actions.routing import assess, choose
