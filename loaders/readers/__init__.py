"""One container each: bytes → a Document of cells with their places."""
