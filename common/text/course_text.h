/* course_text - which text a stage of parts I and IV reads: one rule for all of them.
 *
 * `file` (the option --file) when one was given; else The Verdict, data/the-verdict.txt; else, with one line of notice,
 * the course's own story, data/lamplighter.txt. Told in stages/01_characters. */
#ifndef TEXT_COURSE_TEXT_H
#define TEXT_COURSE_TEXT_H
#include "base/files.h"
#include "base/options.h"

/* The name of the text that will be read: `file`, or the default that is there. Borrowed. Says the notice when it is
 * our own story. When neither file of data/ is there, EXIT_ENVIRONMENT, and what to do about it. */
const char *course_text_path(const char *file);

/* The bytes of that file, whatever they are, empty too; or of TEXT or standard input, where TEXT was given. *name is
 * what to call it on screen and in messages: a path, "standard input" or "TEXT". You free the bytes (bytes_free); the
 * name is borrowed. */
Bytes course_text_input(const Common *common, const char **name);

/* The same of `file` alone, for a program that learns from it: EXIT_DATA unless it is UTF-8, not empty and at most 1
 * GB. */
Bytes course_text_story(const char *file, const char **name);
#endif
