/* outcome_words - what became of an event, in words: one and the same for the
 * commands and the page.
 *
 * Flow     spool, context -> [outcome_words] -> a text
 * Owns     nothing.
 * Threads  one, as the office.
 * Limits   OUTCOME_WORDS_MAX bytes a text.
 */
#ifndef TALLYLINE_AGENT_OUTCOME_WORDS_H
#define TALLYLINE_AGENT_OUTCOME_WORDS_H

#include "agent/office/office.h"
#include "agent/spool/spool.h"
#include "common/event/event.h"

#define OUTCOME_WORDS_MAX 1024u /* with the closing zero */

/* "Đã nhận"; and the word for files, "received". */
const char *outcome_words_state(enum spool_state state, enum language language);
const char *outcome_words_token(enum spool_state state);
/* What the province says of an event and how to mend it. `keys` as in
 * validate.h. */
void outcome_words_tell(const struct office *office, const struct event *event,
                        const struct spool_outcome *outcome, bool keys,
                        char text[OUTCOME_WORDS_MAX]);
/* The field in which it can be mended; 0: none. Nobody types the unit that an
 * office records for: where it is not in force the day is what can change. */
uint32_t outcome_words_field(const struct spool_outcome *outcome);

#endif
