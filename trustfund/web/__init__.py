"""The doors: one for each kind of visitor. A view asks, the core decides, the operation records."""
