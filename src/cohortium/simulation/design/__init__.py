"""What is simulated: the design of a consortium, the built-in one, and its file."""
