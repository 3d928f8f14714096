/* Units by key or by name within the office's area. */
#include "agent/source/source_internal.h"

#include "common/base/nearest.h"
#include "common/base/text.h"
#include "common/event/unit.h"

#include <stdio.h>
#include <string.h>

#define CANDIDATES_MAX       32u
#define CANDIDATES_SHOWN_MAX 6u
#define CANDIDATES_TEXT_MAX  420u

/* ---- units ---- */

struct candidates {
    const struct unit *found[CANDIDATES_MAX];
    size_t count;
};

static void add_candidate(struct candidates *all, const struct unit *unit)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->found[i]->key == unit->key) {
            return;
        }
    }
    if (all->count < CANDIDATES_MAX) {
        all->found[all->count++] = unit;
    }
}

/* Units of the office's area that have the name. */
static void find_by_name(const struct source_reading *reading, const char *name,
                         struct candidates *all)
{
    const struct source *source = reading->source;
    const struct units *units = context_units(source->context);
    int32_t day = reading->event->occurred_on;

    all->count = 0;
    for (uint32_t i = 0; units != NULL && i < source->agent->scope_count; i++) {
        const struct control_scope *scope = &source->agent->scopes[i];

        for (uint32_t k = 0; k < scope->area_count; k++) {
            const struct unit *found[CANDIDATES_MAX];
            size_t count = units_match(units, name, scope->area[k], day, found,
                                       CANDIDATES_MAX);

            for (size_t j = 0; j < count && j < CANDIDATES_MAX; j++) {
                add_candidate(all, found[j]);
            }
        }
    }
}

/* "Phường Ba Đình" says more than "Ba Đình": keeps those of the type named. */
static void keep_named_type(struct candidates *all, const char *name)
{
    struct candidates exact = {.count = 0};

    for (size_t i = 0; i < all->count; i++) {
        char full[256];
        int length = snprintf(full, sizeof full, "%s %s", all->found[i]->type,
                              all->found[i]->name);

        if (length > 0 && (size_t)length < sizeof full &&
            source_same(name, strlen(name), full)) {
            exact.found[exact.count++] = all->found[i];
        }
    }
    if (exact.count > 0) {
        *all = exact;
    }
}

static void list_candidates(const struct candidates *all,
                            char out[CANDIDATES_TEXT_MAX])
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < all->count; i++) {
        const struct unit *unit = all->found[i];
        char key[UNIT_TEXT_MAX];
        char one[CANDIDATES_TEXT_MAX];
        int length;

        unit_key_format(unit->key, key);
        length = snprintf(one, sizeof one, "%s%s (%s %s)", i > 0 ? ", " : "",
                          key, unit->type, unit->name);
        if (i == CANDIDATES_SHOWN_MAX || length < 0 ||
            used + (size_t)length + 8 > CANDIDATES_TEXT_MAX) {
            (void)snprintf(out + used, CANDIDATES_TEXT_MAX - used, ", …");
            return;
        }
        memcpy(out + used, one, (size_t)length + 1);
        used += (size_t)length;
    }
}

static bool in_area(const struct source_reading *reading,
                    const struct unit *unit, int32_t day)
{
    const struct source *source = reading->source;
    const struct units *units = context_units(source->context);

    for (uint32_t i = 0; i < source->agent->scope_count; i++) {
        const struct control_scope *scope = &source->agent->scopes[i];

        for (uint32_t k = 0; k < scope->area_count; k++) {
            if (units_below(units, unit->key, scope->area[k], day)) {
                return true;
            }
        }
    }
    return false;
}

/* The unit that was probably meant: accents left out, a letter wrong. */
static const struct unit *nearest_unit(const struct source_reading *reading,
                                       const char *name)
{
    const struct units *units = context_units(reading->source->context);
    int32_t day = reading->event->occurred_on;
    const struct unit *best = NULL;
    char given[NEAREST_BYTES_MAX + 1u];
    char known[NEAREST_BYTES_MAX + 1u];
    struct nearest search;

    if (units == NULL || text_search_key(name, strlen(name), true, given,
                                         sizeof given, NULL) != STATUS_OK) {
        return NULL;
    }
    nearest_init(&search, given);
    for (size_t i = 0; i < units_count(units); i++) {
        const struct unit *unit = units_at(units, i);
        size_t distance = search.distance;

        if (text_search_key(unit->name, strlen(unit->name), true, known,
                            sizeof known, NULL) != STATUS_OK ||
            unit->from > day || unit->to <= day ||
            !in_area(reading, unit, day)) {
            continue;
        }
        nearest_try(&search, known);
        best = search.distance < distance ? unit : best;
    }
    return best;
}

/* Nothing like it is here: another unit's name, as an example, would be taken
 * for the answer. */
static void fail_unknown(struct source_reading *reading,
                         const struct source_value *value)
{
    char quoted[SOURCE_QUOTED_MAX + 8u];

    source_fail(reading, value->number,
                "không có đơn vị nào tên %s trong địa bàn của văn phòng; "
                "hãy chọn tên trong danh sách của ô",
                "no unit of this office's area is called %s; choose its name "
                "from the list of the cell",
                source_quote(value, quoted));
}

static void fail_name(struct source_reading *reading,
                      const struct source_value *value, const char *name)
{
    const struct unit *meant = nearest_unit(reading, name);
    bool keys = reading->source->keys;
    char quoted[SOURCE_QUOTED_MAX + 8u];
    char key[UNIT_TEXT_MAX];

    if (meant == NULL) {
        fail_unknown(reading, value);
        return;
    }
    unit_key_format(meant->key, key);
    source_fail(reading, value->number,
                "không có đơn vị nào tên %s trong địa bàn của văn phòng; có "
                "phải ý bạn là \"%s %s\"%s%s%s?",
                "no unit of this office's area is called %s; did you mean "
                "\"%s %s\"%s%s%s?",
                source_quote(value, quoted), meant->type, meant->name,
                keys ? " (" : "", keys ? key : "", keys ? ")" : "");
}

static bool looks_like_key(const struct source_value *value)
{
    size_t digits = 0;

    while (digits < value->size && value->text[digits] >= '0' &&
           value->text[digits] <= '9') {
        digits++;
    }
    return digits == value->size ||
           memchr(value->text, ':', value->size) != NULL;
}

static void read_name(struct source_reading *reading,
                      const struct source_value *value, uint32_t *unit)
{
    char quoted[SOURCE_QUOTED_MAX + 8u];
    char name[SOURCE_VALUE_MAX + 1u];
    char list[CANDIDATES_TEXT_MAX];
    struct candidates all;

    memcpy(name, value->text, value->size);
    name[value->size] = '\0';
    find_by_name(reading, name, &all);
    if (all.count > 1) {
        keep_named_type(&all, name);
    }
    if (all.count == 1) {
        *unit = all.found[0]->key;
        return;
    }
    if (all.count == 0) {
        fail_name(reading, value, name);
        return;
    }
    list_candidates(&all, list);
    source_fail(reading, value->number,
                "có nhiều đơn vị tên %s; hãy ghi mã của một trong: %s",
                "several units are called %s; write the code of one of: %s",
                source_quote(value, quoted), list);
}

void source_read_unit(struct source_reading *reading,
                      const struct source_value *value, uint32_t *unit)
{
    char quoted[SOURCE_QUOTED_MAX + 8u];

    if (!looks_like_key(value)) {
        read_name(reading, value, unit);
    } else if (unit_key_parse(value->text, value->size,
                              reading->event->occurred_on, unit) != STATUS_OK) {
        *unit = 0;
        source_fail(reading, value->number,
                    "%s không phải mã đơn vị; hãy chọn tên trong danh sách của "
                    "ô, hoặc ghi mã như gso3:00025",
                    "%s is not the code of a unit; choose its name from the "
                    "list of the cell, or write it like gso3:00025",
                    source_quote(value, quoted));
    }
}
