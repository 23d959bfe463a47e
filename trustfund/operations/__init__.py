"""What is done: one deed, whole or not at all, one event each."""
