"""Whether the cloud pushes what the devices of a product report."""


class PushState:
    """What is known of the pushes of a product.

    While they are `active` its devices are read seldom, because nothing is to be found.
    """

    def __init__(self) -> None:
        """Begin without pushes."""
        self.is_active = False
