"""Second looks: another reader, numbers left over, the same report twice, values at their place."""
