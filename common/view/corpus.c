#include "view/corpus.h"
#include "base/error.h"
#include "text/course_text.h"

#include <limits.h>
#include <string.h>

/* ---- the command line ---- */

void corpus_options_add(Options *list, CorpusOptions *o) {
    option_heading(list, "many sentences");
    option_text(list, "corpus", "FILE", &o->file,
                "the text whose sentences are read, - is standard input\n(default The Verdict, else the course's own "
                "story)");
    option_flag(list, "lines", &o->lines, "it has one sentence a line");
    option_text(list, "compare", "MASKS", &o->compare,
                "what these masks do to heads and model: none,local:3,...;\n--tsv FILE has the means, with intervals");
    option_text(list, "layers", "L", &o->layers, "the masks hold in these layers, 0-2 (default all)");
    option_text(list, "rows", "FILE", &o->rows, "with --compare: the numbers of each sentence; - is standard output");
    option_flag(list, "no-twin", &o->no_twin, "with --compare: leave out the random twin, half of the time");
    option_int(list, "examples", "N", &o->examples, 1, 1000000,
               "the N sentences in which the link of --layer and --head is strongest");
}

static void check_company(const CorpusOptions *o, const Study *s, const Common *common) {
    const char *stray = o->rows ? "rows" : o->layers ? "layers" : o->no_twin ? "no-twin" : NULL;
    if (!o->compare && !o->examples && (o->file || o->lines))
        fail(EXIT_USAGE, "--%s needs a question. Try: --compare none,local:3, or --layer 2 --head 3 --examples 10",
             o->file ? "corpus" : "lines");
    if (!o->compare && stray) fail(EXIT_USAGE, "--%s is for --compare. Try: --compare none,local:3", stray);
    if (!o->compare && !o->examples) return;
    if (s->from) fail(EXIT_USAGE, "--from has one text, and many sentences need a model. Try: --model DIR");
    if (common->time) fail(EXIT_USAGE, "--time is for one text. Try: --compare without it, under `time`");
    if (o->compare && o->examples) fail(EXIT_USAGE, "--compare and --examples are two answers. Try: one of them");
    if (common->text || common->file)
        fail(EXIT_USAGE, "--%s reads many sentences, and no single text. Try: --corpus FILE",
             o->compare ? "compare" : "examples");
    if (o->examples && s->tsv) fail(EXIT_USAGE, "--tsv is for --compare. Try: --examples %d alone", o->examples);
    if (o->compare && mask_options_named(&s->mask))
        fail(EXIT_USAGE, "--mask asks for one mask. Try: --compare none,%s", MASK_KIND[s->mask.kind].name);
    if (o->compare && (s->look.layers || s->look.heads))
        fail(EXIT_USAGE, "--compare measures every head. Try: --layers for the layers that are masked");
    bool both_files = s->tsv && o->rows && strcmp(s->tsv, "-") == 0 && strcmp(o->rows, "-") == 0;
    if (both_files) fail(EXIT_USAGE, "--tsv and --rows go both to standard output. Try: a file for one of them");
}

const char *corpus_asked(const CorpusOptions *o, const Study *s, const Common *common) {
    check_company(o, s, common);
    return o->compare ? "compare" : o->examples ? "examples" : NULL;
}

/* ---- the sentences ---- */

/* A copy of a sentence in which white space with a line break in it is one space. */
static Bytes one_line(const char *text, Sentence at) {
    Bytes line = {text_copy(text + at.first, at.end - at.first), 0};
    for (size_t i = at.first; i < at.end;) {
        size_t behind = i;
        bool broken = false;
        for (; behind < at.end && strchr(" \t\r\n\f\v", text[behind]) && text[behind]; behind++)
            broken |= text[behind] == '\n';
        if (broken) line.data[line.size++] = ' ', i = behind;
        else line.data[line.size++] = text[i++];
    }
    line.data[line.size] = 0;
    return line;
}

bool corpus_next(Corpus *c, Reading *reading) {
    const Study *s = c->study;
    if (!sentence_next(c->text.data, c->text.size, c->options->lines, &c->at)) return false;
    ReadingPlan plan = {.mask = c->options->compare ? NULL : &s->mask,
                        .mask_in_model = s->mask_scope == SCOPE_MODEL,
                        .truncate = true,
                        .quiet = true};
    *reading = reading_open(c->reader, one_line(c->text.data, c->at), (Bytes){0}, plan);
    c->read++;
    return true;
}

/* Before hours of work: how many sentences there are, and whether each fits. */
static void look_through(Corpus *c) {
    int context = model_card(c->reader->model).context, cut = 0;
    for (Sentence at = {0}; sentence_next(c->text.data, c->text.size, c->options->lines, &at);) {
        if (c->sentences == INT_MAX) fail(EXIT_DATA, "%s: more than %d sentences", c->name, INT_MAX);
        Bytes line = one_line(c->text.data, at);
        Encoding e = tokenizer_encode(c->reader->tokenizer, line.data, line.size, NULL, 0);
        c->sentences++;
        if (e.n > context && !c->study->truncate)
            fail(EXIT_DATA, "%s: sentence %d has %d tokens, model takes %d. Try: --truncate, or --lines", c->name,
                 c->sentences, e.n, context);
        cut += e.n > context;
        encoding_free(&e), bytes_free(&line);
    }
    if (!c->sentences) fail(EXIT_DATA, "%s: no sentence in it (expected one at least)", c->name);
    if (cut) note("%d sentence%s cut to the %d tokens that the model takes", cut, cut == 1 ? "" : "s", context);
}

static Bytes text_of(const CorpusOptions *o, const char **name) {
    bool piped = o->file && strcmp(o->file, "-") == 0;
    *name = piped ? "standard input" : course_text_path(o->file);
    return piped ? stream_read(stdin, *name) : file_read(*name);
}

void corpus_answer(const CorpusOptions *o, const Study *study, const Common *common, const Reader *reader) {
    Corpus c = {.options = o, .study = study, .common = common, .reader = reader};
    c.text = text_of(o, &c.name);
    look_through(&c);
    if (o->compare) corpus_compare(&c);
    else corpus_examples(&c);
    bytes_free(&c.text);
}
