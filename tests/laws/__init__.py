"""What is true of every objective: found by file name, played on tiny networks in float64."""
