"""The models of networks, one room a subject."""

from networks.models.groups import Membership, MutualisationGroup, Network, Stage
