# Three layers under a drawn mask: the first word may look at nobody, and its mixture is itself.
build/19_heads --model tests/fixtures/gpt2/odd_f16 --mask-file tests/golden/19_heads/drawn.txt --metric self --terminal "lamp"
