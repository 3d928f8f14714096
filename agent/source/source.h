/* source - text becomes an event, with every mistake told at once.
 *
 * Flow     record, import, form -> [source] -> spool
 * Owns     nothing; a struct source borrows what it is given.
 * Threads  one, as the spool.
 * Limits   SOURCE_CELLS_MAX cells an event, SOURCE_VALUE_MAX bytes a value,
 *          SOURCE_ISSUES_MAX mistakes told.
 *
 * A cell is a field and what somebody wrote for it. Fields and values are
 * taken by name, by their label in Vietnamese or English, values by number
 * too; dates as yyyy-mm-dd or d/m/yyyy; sets parted by semicolons; units as
 * gso3:00025, 00025 or by name within the office's area; things by their
 * reference, by a local name (@so-15), or `new`. What is left out and can only
 * be one thing (unit, office, programme, role) is filled in. Then the event
 * is judged by the same rules as at the province (validate.h, context.h).
 *
 * Invariants
 *   I8  an event outside of what the office is enrolled for is not saved.
 *   I9  what cannot be made a number is refused.
 */
#ifndef TALLYLINE_AGENT_SOURCE_H
#define TALLYLINE_AGENT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/spool/spool.h"
#include "common/base/clock.h"
#include "common/base/language.h"
#include "common/base/status.h"
#include "common/event/catalogue.h"
#include "common/event/event.h"
#include "common/fold/context.h"
#include "common/format/sign.h"

#define SOURCE_CELLS_MAX    64u
#define SOURCE_VALUE_MAX    1024u
#define SOURCE_ISSUES_MAX   32u
#define SOURCE_TEXT_MAX     768u /* with the closing zero */
#define SOURCE_ALLOTTED_MAX 8u
#define SOURCE_WORDS_MAX    128u /* labels that are remembered */
#define SOURCE_WORD_MAX     48u  /* bytes of one, with the closing zero */

/* Columns of an export that entry passes over: id, state ... */
#define SOURCE_IGNORED 1000u
/* An issue that belongs to no cell. */
#define SOURCE_NO_CELL SIZE_MAX

struct source_cell {
    uint32_t field;   /* as in event.h, or SOURCE_IGNORED */
    const char *text; /* UTF-8 of any normal form */
    size_t size;
};

struct source_issue {
    size_t cell;    /* position, or SOURCE_NO_CELL */
    uint32_t field; /* as in event.h; 0: of the event as a whole */
    char text[SOURCE_TEXT_MAX];
};

/* A number that was given to a thing while the event was read. */
struct source_allotted {
    uint32_t kind; /* enum reference_kind */
    uint64_t reference;
    char name[SPOOL_ALIAS_MAX + 1u]; /* empty for `new` */
};

/* A label that was found once: files say the same ones row after row. */
struct source_word {
    const struct catalogue_enumeration *list; /* NULL: an empty place */
    const struct catalogue_value *value;
    char text[SOURCE_WORD_MAX];
};

/* All zero but for what the caller sets. */
struct source {
    /* With an open transaction, in which numbers are allotted. NULL: local
     * names and `new` are read but allot nothing (a check without a spool). */
    struct spool *spool;
    const struct context *context;
    const struct context_agent *agent;
    const struct clock *clock;
    enum language language;
    uint32_t unit, office, role; /* where the cells do not say; 0: none */
    /* Makes the entry_key of an event whose cells have none, given a digest of
     * all that they say (the same however dates and numbers are written, and
     * without the role). NULL: such events have none. */
    void (*entry_key)(void *owner, const struct digest *content,
                      uint8_t key[EVENT_ENTRY_KEY_BYTES]);
    void *entry_owner;
    /* The key is of a row on a screen, whose content may have been changed
     * since it was saved: other content under it is a mistake, and no copy. */
    bool compare_entry;
    /* Whoever is told types names of fields and codes: see validate.h. */
    bool keys;
    /* A correction of a version that does not stand any more is taken, as
     * from an office that could not know: the province decides. */
    bool rivals;

    struct source_word words[SOURCE_WORDS_MAX];

    /* Of the last event that was read. */
    struct source_issue issues[SOURCE_ISSUES_MAX];
    size_t issue_count; /* may be above SOURCE_ISSUES_MAX */
    uint64_t saved_as;  /* the event that it is, with other content; 0 */
    struct source_allotted allotted[SOURCE_ALLOTTED_MAX];
    size_t allotted_count;
};

/* The type by name, number or label. NULL; `nearest` (may be NULL) then gets
 * the name that was probably meant, or NULL. */
const struct catalogue_type *source_type(const char *text, size_t size,
                                         const char **nearest);
/* The field that a person calls `name`: 0 when the type has none, and
 * `nearest` (may be NULL) as above. */
uint32_t source_field(const struct catalogue_type *type, const char *name,
                      size_t size, const char **nearest);

/* Reads one event. STATUS_OK: `event` may be saved. STATUS_INVALID: see
 * `issues`. STATUS_EXISTS: the spool has an event with its entry_key; nothing
 * was allotted. Other statuses are the spool's. */
MUST_USE enum status source_read(struct source *source,
                                 const struct catalogue_type *type,
                                 const struct source_cell cells[], size_t count,
                                 struct event *event);
/* Takes back the numbers that were given while the last event was read, when it
 * is refused after all. In the same transaction. */
MUST_USE enum status source_take_back(struct source *source);

#endif
