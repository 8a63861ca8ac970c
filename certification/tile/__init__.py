"""The self-testing tile: a tile of the partner's own in Partner Connect of its own workspace, before it is onboarded."""
