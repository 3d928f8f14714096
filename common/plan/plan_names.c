/* The units that a label names: "Đường Bưởi, phường Ngọc Khánh" lies in Ngọc
 * Khánh. A code is easily mistyped and the name beside it is not. */
#include "common/plan/plan_loader.h"

#include "common/base/text.h"

#include <ctype.h>
#include <string.h>

#define NAMED_TEXT_MAX 512u

/* Where in the label a unit is named by its type and name, behind `from`; NULL:
 * nowhere. */
static const char *find_named(const char *from, const char *label,
                              const struct unit *unit)
{
    const char *at = strstr(from, unit->name);
    char before[NAMED_TEXT_MAX], type[NAMED_TEXT_MAX];
    size_t size = 0, type_size = 0, behind;

    if (at == NULL || unit->name[0] == '\0') {
        return NULL;
    }
    behind = (size_t)(at - label);
    if (behind == 0 || label[behind - 1] != ' ' ||
        isalnum((unsigned char)at[strlen(unit->name)]) ||
        (at[strlen(unit->name)] & 0x80) != 0 ||
        text_match_key(label, behind, false, before, sizeof before, &size) !=
            STATUS_OK ||
        text_match_key(unit->type, strlen(unit->type), false, type, sizeof type,
                       &type_size) != STATUS_OK) {
        return NULL;
    }
    return size >= type_size && strcmp(before + size - type_size, type) == 0 &&
                   (size == type_size || before[size - type_size - 1] == ' ' ||
                    ispunct((unsigned char)before[size - type_size - 1]))
               ? at
               : NULL;
}

/* Whether the unit, in the plan's time, is one of these, holds it or lies in
 * it. */
static bool fits(const struct plan_loader *loader, const struct unit *unit,
                 const uint32_t keys[], size_t count)
{
    const struct plan *plan = loader->plan;
    int32_t day = unit->from > plan->from ? unit->from : plan->from;

    if (unit->from > plan->to || unit->to <= plan->from) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (units_below(loader->units, unit->key, keys[i], day) ||
            units_below(loader->units, keys[i], unit->key, day)) {
            return true;
        }
    }
    return false;
}

/* A name within a longer one, "xã Nà" in "xã Nà Hỳ", is not what is meant. */
static bool is_longest(const struct plan_loader *loader, const char *label,
                       const char *at, const struct unit *unit)
{
    for (size_t i = 0; i < units_count(loader->units); i++) {
        const struct unit *other = units_at(loader->units, i);

        if (strlen(other->name) > strlen(unit->name) &&
            strncmp(at, other->name, strlen(other->name)) == 0 &&
            find_named(at, label, other) == at) {
            return false;
        }
    }
    return true;
}

void plan_check_names(struct plan_loader *loader, const struct yaml_node *node,
                      const uint32_t keys[], size_t count)
{
    const struct yaml_node *vi = yaml_get(node, "vi");
    const struct unit *named = NULL;

    if (vi == NULL || vi->kind != YAML_TEXT || loader->units == NULL) {
        return;
    }
    for (size_t i = 0; i < units_count(loader->units); i++) {
        const struct unit *unit = units_at(loader->units, i);
        const char *at = find_named(vi->text, vi->text, unit);

        if (at == NULL || !is_longest(loader, vi->text, at, unit)) {
            continue;
        }
        if (fits(loader, unit, keys, count)) {
            return;
        }
        named = unit;
    }
    if (named != NULL) {
        yaml_error(loader->yaml, vi,
                   "tên nêu \"%s %s\", nhưng mã là của đơn vị khác, hoặc đơn "
                   "vị đó không có hiệu lực trong thời gian của kế hoạch",
                   "the label names \"%s %s\", but the code is another unit's, "
                   "or that one is not in force in the time of the plan",
                   named->type, named->name);
    }
}
