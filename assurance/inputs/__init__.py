"""Put every reader of outside input through mutated, hostile and endless input.

`targets` and its neighbours name the readers with documents that they take, `mutations` changes
these, `trial` runs one reader on one input and holds what comes of it against what is promised,
`campaign` does so a great many times and counts, `guided` lets libFuzzer choose.
"""
