"""Classes that colleagues may come and see, and the visits made to them.

French → code: lieu d’observation → ObservationSite · visite → Visit · compte rendu de visite → VisitReport ·
liste d’attente → VisitState.WAITING · ce que je viens regarder → focus ·
à vol d’oiseau → `circo.maps.rules.distance_km`.
"""
