"""Tests of the package that speaks with the cloud."""
