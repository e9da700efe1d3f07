# Every number of the lesson; several are printed in the papers.
build/07_positions
