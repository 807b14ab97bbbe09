"""The sentences at the top of a page: what changed most, what is missing, what limits a comparison.

    frames of the selection → statements (typed, without words) → sentences in the reader's language

`change` compares the same agencies in two years on one line of a series; `missing` counts what should be there and is
not; `limits` tells why figures do not compare; `evidence` speaks for the pages that show how the data came about;
`pages` says which statements a page makes. A statement with nothing to say says "" and is left out.
"""
