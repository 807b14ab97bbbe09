"""A published version as a package that stands alone: Parquet, CSV, code book, metadata, check sums."""
