"""Watchpost, the hub: the control plane, the workers, and the surface plugins stand on."""
