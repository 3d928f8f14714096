#include "agent/api/search.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/event/reference.h"

#define SEARCH_KEY_MAX 1024u
/* Names of so many events are read between two looks at the clock. */
#define SEARCH_LOOKS 64u

struct search {
    bool has_day, has_words;
    int32_t day;
    char wanted[SEARCH_KEY_MAX];
    uint32_t units[SEARCH_UNITS_MAX];
    size_t unit_count;
    uint64_t labelled[SEARCH_LABELS_MAX]; /* by an annex */
    size_t label_count;
    size_t next_unit, next_plan; /* to be gone through */
    uint32_t next_row;
    uint64_t references[REFERENCE_KIND_END]; /* by kind; 0: it is none */
};

/* ---- what has the name ---- */

static bool is_called(const struct search *search, const char *text,
                      size_t size)
{
    char key[SEARCH_KEY_MAX];

    return text_search_key(text, size, false, key, sizeof key, NULL) ==
               STATUS_OK &&
           strstr(key, search->wanted) != NULL;
}

/* The next unit; false: there is none. */
static bool look_at_unit(struct search *search, const struct units *units)
{
    const struct unit *unit;

    if (units == NULL || search->next_unit >= units_count(units) ||
        search->unit_count == SEARCH_UNITS_MAX) {
        return false;
    }
    unit = units_at(units, search->next_unit++);
    if (is_called(search, unit->name, strlen(unit->name))) {
        search->units[search->unit_count++] = unit->key;
    }
    return true;
}

/* The next row of an annex, in the language in which it is shown. */
static bool look_at_label(struct search *search, const struct desk_order *order)
{
    const struct context *context = order->means->office->context;
    const struct plan_register_row *row;
    const struct plan *plan;
    const char *label;

    if (search->next_plan >= context_plan_count(context) ||
        search->label_count == SEARCH_LABELS_MAX) {
        return false;
    }
    plan = context_plan_at(context, search->next_plan)->plan;
    if (search->next_row >= plan->row_count) {
        search->next_plan++;
        search->next_row = 0;
        return true;
    }
    row = &plan->rows[search->next_row++];
    label = row->reference == 0 || row->label.vi == NULL
                ? NULL
                : language_pick(row->label, order->language);
    if (label != NULL && is_called(search, label, strlen(label))) {
        search->labelled[search->label_count++] = row->reference;
    }
    return true;
}

bool search_ready(struct search *search, const struct desk_order *order,
                  int64_t until)
{
    const struct units *units = context_units(order->means->office->context);

    while (search != NULL && search->wanted[0] != '\0') {
        if (!look_at_unit(search, units) && !look_at_label(search, order)) {
            return true;
        }
        if (clock_monotonic_us(order->means->clock) >= until) {
            return false;
        }
    }
    return true;
}

static void read_reference(const char *q, struct search *search)
{
    for (uint32_t kind = 1; kind < REFERENCE_KIND_END; kind++) {
        if (reference_parse(q, strlen(q), (enum reference_kind)kind,
                            &search->references[kind], NULL) != STATUS_OK) {
            search->references[kind] = 0;
        }
    }
}

/* ---- each event ---- */

static bool has_unit(const struct search *search, uint32_t unit)
{
    for (size_t i = 0; i < search->unit_count; i++) {
        if (search->units[i] == unit) {
            return true;
        }
    }
    return false;
}

static bool has_label(const struct search *search, uint64_t reference)
{
    for (size_t i = 0; i < search->label_count; i++) {
        if (search->labelled[i] == reference) {
            return true;
        }
    }
    return false;
}

static bool has_thing(const struct search *search,
                      const struct spool_called called[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct spool_called *one = &called[i];

        if ((one->kind < REFERENCE_KIND_END &&
             search->references[one->kind] == one->reference) ||
            has_label(search, one->reference) ||
            (one->name.size > 0 &&
             is_called(search, (const char *)one->name.data, one->name.size))) {
            return true;
        }
    }
    return false;
}

static bool is_meant(const void *owner, const struct event *event,
                     const struct spool_called called[], size_t count)
{
    const struct search *search = owner;

    return (!search->has_day || event->occurred_on == search->day) &&
           (!search->has_words || has_unit(search, event_place(event)) ||
            has_thing(search, called, count));
}

/* ---- life ---- */

enum status search_new(const char *on, const char *q, struct search **search)
{
    bool has_day = on != NULL && on[0] != '\0';
    bool has_words = q != NULL && q[0] != '\0';
    struct search *made = NULL;
    enum status rc = STATUS_OK;

    *search = NULL;
    if (!has_day && !has_words) {
        return STATUS_OK;
    }
    made = calloc(1, sizeof *made);
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->has_day = has_day;
    made->has_words = has_words;
    if (has_day && text_parse_date(on, strlen(on), &made->day) != STATUS_OK) {
        rc = STATUS_INVALID;
    }
    /* What is no text is nobody's name. */
    if (rc == STATUS_OK && has_words &&
        text_search_key(q, strlen(q), false, made->wanted, sizeof made->wanted,
                        NULL) == STATUS_OK) {
        read_reference(q, made);
    }
    if (rc != STATUS_OK) {
        search_free(&made);
    }
    *search = made;
    return rc;
}

void search_fill(const struct search *search, struct spool_wish *wish)
{
    if (search != NULL) {
        wish->meant = is_meant;
        wish->owner = search;
        wish->names = search->has_words;
        wish->looks = search->has_words ? SEARCH_LOOKS : 0;
    }
}

void search_free(struct search **search)
{
    free(*search);
    *search = NULL;
}
