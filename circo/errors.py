"""The two families of errors: a rule said no, or the world failed."""


class Refusal(Exception):
    """A rule said no. The message is French, and is shown to the person as it stands."""


class Outside(Exception):
    """The world failed (disk, network, a tool that crashed): tried again, then told to the staff."""


class NotNow(Outside):
    """The world lacks something for a while, as room on the disk: tried again later, however often it takes."""
