"""What the fund needs from outside: time, keys, chance, mail, passwords."""
