"""How a network wants to be shown a picture, and what its outputs say.

The floor under every detector that runs networks, here or elsewhere, so that all of them read
the same outputs alike. It is no plugin, and needs numpy, which ``hub.api`` does not have.
"""
