"""How our own network is made: material, mixtures, the net, its training, export and model card. Needs the
`train` extra; nothing here is in the wheel."""
