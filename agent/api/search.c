#include "agent/api/search.h"

#include <stdlib.h>
#include <string.h>

#include "agent/spool/spool_things.h"
#include "common/base/text.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"

#define SEARCH_KEY_MAX 1024u

struct thing {
    uint32_t kind;
    uint64_t reference;
};

struct search {
    bool has_day, has_words;
    int32_t day;
    char wanted[SEARCH_KEY_MAX];
    uint32_t units[SEARCH_UNITS_MAX];
    struct thing things[SEARCH_THINGS_MAX];
    size_t unit_count, thing_count;
    uint32_t kind; /* of the things that are being looked through */
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

static bool take_thing(void *owner, uint64_t reference, struct bytes name)
{
    struct search *search = owner;
    char text[REFERENCE_TEXT_MAX];

    reference_format((enum reference_kind)search->kind, reference, text);
    if (is_called(search, (const char *)name.data, name.size) ||
        is_called(search, text, strlen(text))) {
        search->things[search->thing_count++] =
            (struct thing){search->kind, reference};
    }
    return search->thing_count < SEARCH_THINGS_MAX;
}

static enum status find_things(struct spool *spool, struct search *search)
{
    enum status rc = STATUS_OK;

    for (search->kind = 1;
         rc == STATUS_OK && search->kind < REFERENCE_KIND_END &&
         search->thing_count < SEARCH_THINGS_MAX;
         search->kind++) {
        rc = spool_things(spool, search->kind, take_thing, search);
    }
    return rc;
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

static bool has_thing(const struct search *search, const struct event *event)
{
    const struct catalogue_type *type = catalogue_type(event->type);

    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];
        uint64_t reference = field->kind == FIELD_REFERENCE
                                 ? event_get(event, field->number)
                                 : 0;

        for (size_t at = 0; reference != 0 && at < search->thing_count; at++) {
            if (search->things[at].reference == reference &&
                (field->reference == 0 ||
                 search->things[at].kind == field->reference)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_meant(const void *owner, const struct event *event)
{
    const struct search *search = owner;

    return (!search->has_day || event->occurred_on == search->day) &&
           (!search->has_words || has_unit(search, event_place(event)) ||
            has_thing(search, event));
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
        rc = find_things(office->spool, made);
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
    }
}

void search_free(struct search **search)
{
    free(*search);
    *search = NULL;
}
