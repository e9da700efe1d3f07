# The lesson: every mask on the first head of stage 09, three lengths, the empty row.
build/10_masks
