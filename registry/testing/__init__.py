"""Test code that builds on Dengji, without a chain."""
