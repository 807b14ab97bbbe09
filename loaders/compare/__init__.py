"""What changed from one version of the data to another, cell by cell."""
