/* order_words - a control entry as people read it.
 *
 * Flow     control document -> [order_words] -> audit show, log, diff
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   ORDER_WORDS_MAX bytes.
 */
#ifndef TALLYLINE_COLLECTOR_ORDER_WORDS_H
#define TALLYLINE_COLLECTOR_ORDER_WORDS_H

#include "common/base/language.h"
#include "common/format/control.h"
#include "common/format/entry.h"

#define ORDER_WORDS_MAX 1024u

/* "plan", "enrolment"; for machine formats. Of an entry that is no batch;
 * `control` is NULL when its document cannot be read. */
const char *order_token(const struct entry *entry,
                        const struct control *control);
/* "Nạp kế hoạch" */
const char *order_title(const struct entry *entry,
                        const struct control *control, enum language language);
/* The agent that it is about; 0: the whole province. */
uint32_t order_agent(const struct control *control);
/* Who was enrolled, which plan: one line, without the title. */
void order_words(const struct control *control, enum language language,
                 char text[ORDER_WORDS_MAX]);

#endif
