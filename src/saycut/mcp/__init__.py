"""The door for agents that speak the Model Context Protocol: tools over the service, by stdio or HTTP."""
