/* Part of bpe_files: what the files beside a GPT-2 vocabulary add to it. */
#include "base/error.h"
#include "base/json.h"
#include "text/bpe_files.h"
#include "text/bpe_names.h"

#include <string.h>

/* A text that is no spelling of bytes can only be a special token, or a name that looks like one. */
static int known(const Bpe *bpe, const char *text) {
    const Vocab *special = &bpe->special.texts;
    size_t length = strlen(text);
    int id = vocab_id(special, text, length);
    if (id >= 0) return bpe->special.token[id].id;
    char *bytes = memory_new(length + 1, 1, "a token");
    size_t count;
    bool spelling = bpe_name_bytes(text, length, bytes, &count);
    id = spelling ? vocab_id(&bpe->vocab, bytes, count) : vocab_id(&bpe->vocab, text, length);
    memory_free(bytes);
    return spelling || id < 0 || vocab_is_marker(&bpe->vocab, id) ? id : -1;
}

/* As AutoTokenizer counts: the ids follow the vocabulary's, whatever the files say. */
static int new_id(Bpe *bpe, const char *place, const char *text, int said) {
    Vocab *vocab = &bpe->vocab;
    int hole = vocab_id(vocab, "", 0);
    if (hole >= 0)
        fail(EXIT_DATA, "%s: '%.48s' is new, but no token has the id %d (expected a vocabulary without holes)", place,
             text, hole);
    if (said >= 0 && said < vocab->count)
        fail(EXIT_DATA, "%s: '%.48s' has the id %d (expected %d, the next free one)", place, text, said, vocab->count);
    if (said > vocab->count)
        warn("%s: '%.48s' has the id %d, but gets %d, the next free one, as for AutoTokenizer", place, text, said,
             vocab->count);
    return vocab_add(vocab, text, strlen(text));
}

/* A name does not change a token that has an entry of its own: one of the first `entries`. */
static void add(Bpe *bpe, const NewToken *token, int entries) {
    const char *place = token->place;
    const char *text = json_is_object(token->entry) ? json_text(place, token->entry, "content", NULL) : NULL;
    if (!text) fail(EXIT_DATA, "%s: an entry has no content", place);
    int at = vocab_id(&bpe->special.texts, text, strlen(text));
    if (!*text || ((token->id < 0 || token->plain) && at >= 0 && at < entries)) return;
    int id = known(bpe, text);
    if (id >= 0 && token->id >= 0 && id != token->id)
        fail(EXIT_DATA, "%s: '%.48s' has the id %d (expected %d, as in the vocabulary)", place, text, token->id, id);
    if (id < 0) id = new_id(bpe, place, text, token->id);
    added_tokens_add(&bpe->special, text, strlen(text), added_token_read(place, token->entry, id));
}

/* A token around each text, when `flag` asks for it; null is a word, too: then there is no such token. */
static void frame(const Bpe *bpe, const Beside *beside, const char *flag, const char *key, Ids *out) {
    if (!json_flag(beside->config_path, beside->config, flag, false)) return;
    const json_t *said = json_object_get(beside->map, key);
    if (json_is_null(said ? said : json_object_get(beside->config, key))) return;
    const char *name = beside_name(beside, key);
    if (!name) name = "<|endoftext|>";
    int id = known(bpe, name);
    if (id >= 0) ids_add(out, id);
    else warn("%s: %s is true, but the vocabulary has no %s: none is added", beside->config_path, flag, name);
}

void bpe_add_beside(Bpe *bpe, const Beside *beside, BpeForm form) {
    bool gpt2 = form == FORM_MERGES || (form == FORM_JSON && beside_is_gpt2(beside));
    if (form == FORM_MERGES) added_tokens_free(&bpe->special); /* a name that looks special is text */
    if (gpt2 || form == FORM_OPENAI)                           /* else tokenizer.json says it */
        bpe->spaced = json_flag(beside->config_path, beside->config, "add_prefix_space", false);
    NewTokens tokens = beside_tokens(beside, gpt2 ? USUAL_GPT2 : USUAL_NONE);
    int entries = bpe->special.texts.count;
    for (size_t i = 0; i < tokens.n; i++) {
        add(bpe, &tokens.at[i], entries);
        if (tokens.at[i].id >= 0) entries = bpe->special.texts.count;
    }
    new_tokens_free(&tokens);
    if (form == FORM_JSON) return; /* its post_processor says it */
    frame(bpe, beside, "add_bos_token", "bos_token", &bpe->before);
    frame(bpe, beside, "add_eos_token", "eos_token", &bpe->behind);
}
