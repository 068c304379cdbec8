"""The models of networks, one room a subject."""

from networks.models.groups import (
    CareerMeeting,
    Membership,
    MembershipMove,
    MutualisationGroup,
    Network,
    Origin,
    Stage,
    Standing,
)
