"""Writes that touch more than one row. Every function is atomic, takes keywords only, checks the state it starts
from under a lock, and ends with a history entry. Refusals are `articles.errors.ActionRefused`; permissions are the
caller's business."""
