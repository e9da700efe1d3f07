# Bytes as tokens, shuffled, overlapping, drawn as text.
build/05_windows --tokens bytes --context 12 --stride 6 --batch 4 --shuffle --terminal --file data/lamplighter.txt
