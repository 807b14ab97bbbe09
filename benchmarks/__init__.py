"""What is timed, against which peer, in the same run. Ratios travel between machines; seconds don't."""
