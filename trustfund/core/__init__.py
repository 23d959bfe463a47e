"""What was decided: the rules of the Assembly and of the fund, as plain Python without database or web."""
