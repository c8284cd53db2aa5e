"""More of routing's HTTP doors, one file for each story."""
