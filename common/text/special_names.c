#include "text/special_names.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

int wordpiece_known(const WordPiece *tokenizer, const char *name) {
    int id = vocab_id(&tokenizer->vocab, name, strlen(name)), at;
    if (id < 0 && (at = vocab_id(&tokenizer->raw.texts, name, strlen(name))) >= 0) id = tokenizer->raw.token[at].id;
    return id;
}

void special_name_set(SpecialNames *names, int which, const char *text) {
    if (!text) return;
    char *copy = text_copy(text, strlen(text));
    memory_free(names->text[which]);
    names->text[which] = copy;
}

void special_names_free(SpecialNames *names) {
    for (int i = 0; i < SPECIALS; i++) memory_free(names->text[i]);
    *names = (SpecialNames){0};
}

static const char *special_name(const SpecialNames *names, int which) {
    static const char *const usual[SPECIALS] = {"[UNK]", "[CLS]", "[SEP]", "[MASK]", "[PAD]"};
    return names->text[which] ? names->text[which] : usual[which];
}

/* [UNK] must be one of the model's own tokens, as every word may end as it. */
static int special_id(const WordPiece *tokenizer, const SpecialNames *names, int which) {
    const char *name = special_name(names, which);
    int id = wordpiece_known(tokenizer, name);
    return which == SPECIAL_UNK && id >= tokenizer->pieces ? -1 : id;
}

void special_names_find(WordPiece *tokenizer, const char *path, const SpecialNames *names) {
    static const char *const keys[] = {"unk_token", "cls_token", "sep_token"};
    int *ids[SPECIALS] = {&tokenizer->unk, &tokenizer->cls, &tokenizer->sep, &tokenizer->mask, &tokenizer->pad};
    for (int i = 0; i < SPECIALS; i++) {
        *ids[i] = special_id(tokenizer, names, i);
        if (*ids[i] < 0 && i <= SPECIAL_SEP)
            fail(EXIT_DATA,
                 "%s: the vocabulary has no %s, which every BERT has. Try: the files that came with the model, or its "
                 "own name in tokenizer_config.json, as in {\"%s\": \"<...>\"}",
                 path, special_name(names, i), keys[i]);
    }
}

void special_names_cut(WordPiece *tokenizer, const SpecialNames *names) {
    for (int i = 0; i < SPECIALS; i++) {
        const char *name = special_name(names, i);
        int id = special_id(tokenizer, names, i);
        if (id >= 0) added_tokens_add(&tokenizer->raw, name, strlen(name), (AddedToken){.id = id});
    }
}
