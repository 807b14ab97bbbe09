"""Documents read, a hundred at a time, as columns: what workers hand over and what a later build need not read again."""
