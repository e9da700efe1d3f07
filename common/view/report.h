/* report - one page to hand in: what was run, on which model and text, its pictures and tables, and what they do not
 * show. A file of its own, report.html, pictures inside: it needs no network and no other file, and prints on paper.
 * Written by stages/19_heads --report. */
#ifndef VIEW_REPORT_H
#define VIEW_REPORT_H
#include "view/find.h"
#include "view/study.h"

/* Of a finished reading: draws the index and the depth of the measure at `place`, the fingerprints and the head map
 * into `folder` (as PNG, whatever --format says), and writes folder/report.html, whole or not at all. All that a
 * stranger wrote stands in it escaped. Beside each measure is the twin's range; a file of maps has no twin. */
void report_write(const char *folder, const Study *study, const Reading *reading, const HeadTable *table,
                  const Null *null, int place);
#endif
