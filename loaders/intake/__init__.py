"""Which documents there are, and reading risky ones where they can do no harm."""
