/* columns - what an office fills in for an event of a type, column by column.
 *
 * Flow     catalogue, vocabulary, units -> [columns] -> template, refused
 * Owns     nothing; everything is borrowed of the context.
 * Threads  one.
 * Limits   COLUMNS_MAX columns, COLUMNS_CHOICE_MAX bytes a choice.
 *
 * The columns stand in the order of a form: the day, the place, the body, the
 * document. What can only be one thing for the office (its unit, its office,
 * the programme) has no column. A heading is read back as its field.
 */
#ifndef TALLYLINE_AGENT_COLUMNS_H
#define TALLYLINE_AGENT_COLUMNS_H

#include <stdbool.h>

#include "agent/sheet/things.h"
#include "common/event/catalogue.h"
#include "common/event/event.h"
#include "common/fold/context.h"

#define COLUMNS_MAX        40u
#define COLUMNS_NAME_MAX   96u  /* with the closing zero */
#define COLUMNS_CHOICE_MAX 300u /* with the closing zero */

struct column {
    uint32_t field; /* as in event.h */
    const struct catalogue_field *meaning;
    bool required;
    char name[COLUMNS_NAME_MAX];
};

struct columns {
    const struct context *context;
    const struct context_agent *agent;
    const struct catalogue_type *type;
    enum language language;
    int32_t day;                 /* whose units are in force */
    const struct things *things; /* NULL: references are typed */
    struct column all[COLUMNS_MAX];
    size_t count;
};

/* The columns of the type, for what the office may record on `today`, or
 * within its last plan where none is for that day. */
void columns_make(struct columns *columns, const struct context *context,
                  const struct context_agent *agent,
                  const struct catalogue_type *type, enum language language,
                  int32_t today);
/* The meaning of a field of the type; NULL: a field that nobody fills in. */
const struct catalogue_field *columns_meaning(const struct catalogue_type *type,
                                              uint32_t field);

/* The next thing to choose in a cell of the column; `cursor` is 0 at first.
 * False behind the last, and where there is no list. */
bool columns_choice(const struct columns *columns, const struct column *column,
                    size_t *cursor, char out[COLUMNS_CHOICE_MAX]);
/* What the example says. */
void columns_example(const struct columns *columns, const struct column *column,
                     char out[COLUMNS_CHOICE_MAX]);

#endif
