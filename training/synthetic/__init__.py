"""Unlimited sound of our own to train on: singers, arrangements, beds, noises; each a function of a seed."""
