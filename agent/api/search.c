#include "agent/api/search.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/event/reference.h"

#define SEARCH_KEY_MAX 1024u

struct search {
    bool has_day, has_words;
    int32_t day;
    char wanted[SEARCH_KEY_MAX];
    uint32_t units[SEARCH_UNITS_MAX];
    size_t unit_count;
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

static void find_units(const struct units *units, struct search *search)
{
    for (size_t i = 0; units != NULL && i < units_count(units) &&
                       search->unit_count < SEARCH_UNITS_MAX;
         i++) {
        const struct unit *unit = units_at(units, i);

        if (is_called(search, unit->name, strlen(unit->name))) {
            search->units[search->unit_count++] = unit->key;
        }
    }
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

static bool has_thing(const struct search *search,
                      const struct spool_called called[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct spool_called *one = &called[i];

        if ((one->kind < REFERENCE_KIND_END &&
             search->references[one->kind] == one->reference) ||
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

enum status search_new(const struct desk_order *order, const char *on,
                       const char *q, struct search **search)
{
    const struct office *office = order->means->office;
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
        find_units(context_units(office->context), made);
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
    }
}

void search_free(struct search **search)
{
    free(*search);
    *search = NULL;
}
