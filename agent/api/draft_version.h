/* draft_version - which text of a draft somebody has before them.
 *
 * Flow     JSON of a draft or a row -> [draft_version] -> is another text kept
 * Owns     nothing.
 * Threads  one, as the spool.
 * Limits   DRAFT_BY_BYTES_MAX, DRAFT_SEEN_MAX.
 *
 * Two tabs, or two people, may type in one draft. A tab calls itself by a
 * random word, `by`, and counts the changes of its text in `change`. `seen`
 * says up to which change of which other tabs it knows the text: it began from
 * those. What is kept may be replaced by who knows it, and by nobody else,
 * however often they changed their own. Whoever gives no word is one tab.
 */
#ifndef TALLYLINE_AGENT_DRAFT_VERSION_H
#define TALLYLINE_AGENT_DRAFT_VERSION_H

#include <jansson.h>
#include <stdbool.h>

#include "agent/spool/spool.h"
#include "common/base/language.h"

#define DRAFT_BY_BYTES_MAX 32u
#define DRAFT_SEEN_MAX     16u

/* What is told to who does not know the text that is kept. */
extern const struct language_text draft_version_elsewhere;

/* Whether {change?, by?, seen?} of the object have the form that they should.
 */
bool draft_version_is_good(const json_t *version);
/* What is kept under the key. Gives. STATUS_NOT_FOUND. */
MUST_USE enum status draft_version_kept(
    struct spool *spool, const uint8_t key[EVENT_ENTRY_KEY_BYTES],
    json_t **kept);
/* Whether who sends `version` knows the text that is kept. Without a `change`
 * nothing is asked of it. */
bool draft_version_knows(const json_t *version, const json_t *kept);

#endif
