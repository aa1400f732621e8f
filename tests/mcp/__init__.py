"""The door for agents, with the official client."""
