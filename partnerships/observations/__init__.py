"""Cross-observations: while students hold their class, teachers see colleagues who teach then.

French → code: observation croisée → PeerObservation · proposition → CrossingPlan · ce qui est proposé → CrossingLine ·
souhaits d’observation → ObservationWish. What follows a yes is a visit of networks, with its focus, its report and its
thanks: see docs/decisions/0038-peer-observations.md.
"""
