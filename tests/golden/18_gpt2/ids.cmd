# GPT-2's byte pairs by the small vocabulary: bytes of é, a new line, the special token.
build/18_gpt2 --model tests/fixtures/gpt2/bare_buffers --ids "Café 木 <|endoftext|>the old lamp"
