/* bpe_encoder - encoder.json, {"token": id, ...} and nothing else, read where it stands. Through jansson its 50,257
 * entries cost more than all that follows; this scanner is strict, and steps back before whatever is unusual. */
#ifndef TEXT_BPE_ENCODER_H
#define TEXT_BPE_ENCODER_H
#include "text/vocab_json.h"

/* True, with the entries in *out (free with token_ids_free), when the whole file is one such object in plain JSON.
 * False, with *out empty, for anything else: then jansson reads it, or says what is wrong. */
bool bpe_encoder_scan(TokenIds *out, const char *json, size_t size);
#endif
