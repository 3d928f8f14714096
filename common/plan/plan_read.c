/* Single values of a plan file, each with its mistake. */
#include "common/plan/plan_loader.h"

#include "common/event/reference.h"

#include <string.h>

#define YEAR_MIN       2000u
#define YEAR_MAX       2100u
#define PERIOD_KEY_MIN (YEAR_MIN * 100u + 1u)
#define PERIOD_KEY_MAX (YEAR_MAX * 100u + 12u)

void *plan_give(struct plan_loader *loader, size_t count, size_t size)
{
    void *given = arena_give_many(loader->arena, count == 0 ? 1 : count, size);

    if (given == NULL) {
        loader->out_of_memory = true;
    }
    return given;
}

static bool id_letter(char letter, bool loose)
{
    return (letter >= 'a' && letter <= 'z') ||
           (letter >= '0' && letter <= '9') || letter == '_' ||
           (loose && ((letter >= 'A' && letter <= 'Z') || letter == '-' ||
                      letter == '.'));
}

bool plan_read_id(struct plan_loader *loader, const struct yaml_node *node,
                  bool loose, const char **id)
{
    const char *text = NULL;
    bool good = true;

    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    for (size_t i = 0; i < node->size; i++) {
        good = good && id_letter(text[i], loose);
    }
    if (!good || node->size > PLAN_ID_MAX) {
        yaml_error(loader->yaml, node,
                   loose ? "mã chỉ gồm chữ không dấu, chữ số, - . _ và không "
                           "quá %u ký tự"
                         : "mã chỉ gồm chữ thường không dấu, chữ số, _ và "
                           "không quá %u ký tự",
                   loose ? "an id is made of letters, digits, - . _, at most "
                           "%u of them"
                         : "an id is made of small letters, digits, _, at "
                           "most %u of them",
                   PLAN_ID_MAX);
        return false;
    }
    *id = text;
    return true;
}

/* Whether a row of the unit is in force on some day of the plan. */
static bool in_force_in_plan(const struct plan_loader *loader, uint32_t key)
{
    /* The mistakes of the units file are told by themselves. */
    if (loader->units == NULL ||
        units_find(loader->units, key, loader->plan->from) != NULL ||
        units_find(loader->units, key, loader->plan->to) != NULL) {
        return true;
    }
    for (size_t i = 0; i < units_count(loader->units); i++) {
        const struct unit *unit = units_at(loader->units, i);

        if (unit->key == key && unit->from <= loader->plan->to &&
            unit->to > loader->plan->from) {
            return true;
        }
    }
    return false;
}

bool plan_read_unit(struct plan_loader *loader, const struct yaml_node *node,
                    uint32_t *key)
{
    const char *text = NULL;
    uint32_t read = 0;

    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    if (unit_key_parse(text, node->size, loader->plan->from, &read) !=
        STATUS_OK) {
        yaml_error(loader->yaml, node,
                   "\"%.40s\" không phải mã đơn vị (viết dạng gso3:00025)",
                   "\"%.40s\" is not the code of a unit (like gso3:00025)",
                   text);
        return false;
    }
    if (!in_force_in_plan(loader, read)) {
        if (units_known(loader->units, read)) {
            yaml_error(loader->yaml, node,
                       "đơn vị \"%.40s\" không có hiệu lực trong thời gian của "
                       "kế hoạch",
                       "unit \"%.40s\" is not in force in the time of the plan",
                       text);
        } else {
            yaml_error(loader->yaml, node,
                       "không có đơn vị \"%.40s\" trong tệp đơn vị",
                       "no unit \"%.40s\" in the units file", text);
        }
        return false;
    }
    *key = read;
    return true;
}

bool plan_read_value(struct plan_loader *loader, const struct yaml_node *node,
                     const struct catalogue_enumeration *enumeration,
                     uint32_t *value)
{
    const struct catalogue_value *found;
    struct nearest nearest;
    const char *text = NULL;

    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    found =
        vocabulary_by_token(loader->vocabulary, enumeration, text, node->size);
    if (found != NULL) {
        *value = found->value;
        return true;
    }
    nearest_init(&nearest, text);
    for (size_t i = 0;
         (found = vocabulary_at(loader->vocabulary, enumeration, i)) != NULL;
         i++) {
        nearest_try(&nearest, found->token);
    }
    yaml_unknown(loader->yaml, node, "giá trị", "value", nearest.best);
    return false;
}

bool plan_read_level(struct plan_loader *loader, const struct yaml_node *node,
                     enum unit_level *level)
{
    static const char *const names[] = {"province", "district", "commune",
                                        NULL};
    uint32_t position = 0;

    if (!yaml_choice(loader->yaml, node, names, &position)) {
        return false;
    }
    *level = (enum unit_level)(position + UNIT_PROVINCE);
    return true;
}

bool plan_read_reference(struct plan_loader *loader,
                         const struct yaml_node *node, uint32_t kind,
                         uint64_t *reference)
{
    enum reference_error why = REFERENCE_OK;
    const char *text = NULL;
    uint64_t read = 0;

    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    if (reference_parse(text, node->size, (enum reference_kind)kind, &read,
                        &why) == STATUS_OK) {
        *reference = read;
        return true;
    }
    if (why == REFERENCE_CHECK_CHARACTER) {
        yaml_error(loader->yaml, node,
                   "ký tự kiểm tra của mã \"%.40s\" không khớp; hãy so lại "
                   "từng chữ số",
                   "the check character of \"%.40s\" does not fit; compare "
                   "digit by digit",
                   text);
    } else {
        yaml_error(loader->yaml, node,
                   "\"%.40s\" không phải mã tham chiếu dạng %s-0000-000001-X",
                   "\"%.40s\" is not a reference like %s-0000-000001-X", text,
                   reference_prefix((enum reference_kind)kind));
    }
    return false;
}

const struct catalogue_type *plan_read_type(struct plan_loader *loader,
                                            const struct yaml_node *node)
{
    const struct catalogue_type *types;
    const struct catalogue_type *type;
    struct nearest nearest;
    const char *text = NULL;
    size_t count = 0;

    if (!yaml_text(loader->yaml, node, &text)) {
        return NULL;
    }
    type = catalogue_type_by_name(text);
    if (type != NULL) {
        return type;
    }
    types = catalogue_types(&count);
    nearest_init(&nearest, text);
    for (size_t i = 0; i < count; i++) {
        nearest_try(&nearest, types[i].name);
    }
    yaml_unknown(loader->yaml, node, "loại sự kiện", "type of event",
                 nearest.best);
    return NULL;
}

const struct catalogue_field *plan_read_field(struct plan_loader *loader,
                                              const struct catalogue_type *type,
                                              const struct yaml_node *node,
                                              uint32_t *number)
{
    const struct catalogue_field *field;
    struct nearest nearest;
    const char *text = NULL;

    if (!yaml_text(loader->yaml, node, &text)) {
        return NULL;
    }
    field = catalogue_find_field(type, text, number);
    if (field != NULL) {
        return field;
    }
    nearest_init(&nearest, text);
    for (size_t i = 0; i < type->field_count; i++) {
        nearest_try(&nearest, type->fields[i].name);
    }
    nearest_try(&nearest, type->date_name);
    nearest_try(&nearest, type->unit_name);
    nearest_try(&nearest, "subject_unit");
    nearest_try(&nearest, "office");
    if (nearest.best == NULL) {
        yaml_error(loader->yaml, node,
                   "sự kiện \"%s\" không có trường \"%.40s\"",
                   "event \"%s\" has no field \"%.40s\"", type->name, text);
    } else {
        yaml_error(loader->yaml, node,
                   "sự kiện \"%s\" không có trường \"%.40s\"; có phải \"%s\"?",
                   "event \"%s\" has no field \"%.40s\"; did you mean \"%s\"?",
                   type->name, text, nearest.best);
    }
    return NULL;
}

bool plan_read_field_value(struct plan_loader *loader,
                           const struct catalogue_field *field,
                           const struct yaml_node *node, uint64_t *value)
{
    uint32_t number = 0;
    int32_t day = 0;
    bool flag = false;
    bool good = false;

    switch (field->kind) {
    case FIELD_VALUE:
    case FIELD_VALUES:
        good = plan_read_value(loader, node, field->enumeration, &number);
        *value = number;
        break;
    case FIELD_UNIT:
    case FIELD_UNITS:
        good = plan_read_unit(loader, node, &number);
        *value = number;
        break;
    case FIELD_COUNT:
    case FIELD_COUNTS:
    case FIELD_MONEY:
        return yaml_integer(loader->yaml, node, 0, field->max, value);
    case FIELD_YEAR:
        return yaml_integer(loader->yaml, node, YEAR_MIN, YEAR_MAX, value);
    case FIELD_PERIOD_KEY:
        return yaml_integer(loader->yaml, node, PERIOD_KEY_MIN, PERIOD_KEY_MAX,
                            value);
    case FIELD_FLAG:
        good = yaml_flag(loader->yaml, node, &flag);
        *value = flag;
        break;
    case FIELD_DATE:
        good = yaml_date(loader->yaml, node, &day);
        *value = (uint64_t)(int64_t)day;
        break;
    case FIELD_REFERENCE:
        return plan_read_reference(loader, node, field->reference, value);
    case FIELD_INDEX:
    case FIELD_MOMENT:
    case FIELD_EVENT_ID:
    case FIELD_DOCUMENT:
    case FIELD_KEY:
        yaml_error(loader->yaml, node,
                   "trường \"%s\" không dùng được trong kế hoạch",
                   "field \"%s\" is of no use in a plan", field->name);
        break;
    }
    return good;
}

bool plan_read_list_id(struct plan_loader *loader, const struct yaml_node *node,
                       uint32_t *position)
{
    struct nearest nearest;
    const char *text = NULL;

    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    nearest_init(&nearest, text);
    for (uint32_t i = 0; i < loader->plan->list_count; i++) {
        if (loader->lists[i].id == NULL) {
            continue;
        }
        if (strcmp(loader->lists[i].id, text) == 0) {
            *position = i;
            return true;
        }
        nearest_try(&nearest, loader->lists[i].id);
    }
    yaml_unknown(loader->yaml, node, "danh sách", "list", nearest.best);
    return false;
}

bool plan_read_indicator_id(struct plan_loader *loader,
                            const struct yaml_node *node, uint32_t *position)
{
    const struct plan *plan = loader->plan;
    struct nearest nearest;
    const char *text = NULL;

    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    *position = plan_find_indicator(plan, text);
    if (*position != UINT32_MAX) {
        return true;
    }
    nearest_init(&nearest, text);
    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        if (plan->indicators[i].id != NULL) {
            nearest_try(&nearest, plan->indicators[i].id);
        }
    }
    yaml_unknown(loader->yaml, node, "chỉ số ở phía trên", "indicator above",
                 nearest.best);
    return false;
}
