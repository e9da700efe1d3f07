# What another program reads: every batch of an epoch.
build/05_windows --tokens bytes --context 4 --stride 2 --batch 3 --shuffle --print "a rose is a rose"
