"""Measured ratios: what a deed and a page of ours cost beside the least that Flask could do. See README.md."""
