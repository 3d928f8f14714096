/* The annexes of a plan: register rows and named lists. */
#include "common/plan/plan_loader.h"

#include "common/event/event.h"

#include <stdio.h>
#include <string.h>

/* The widest default label: type, blank and name of a unit. */
#define UNIT_LABEL_MAX 260u

/* "Phường Ngọc Khánh", in both languages: the official name of the unit. */
static struct language_text unit_label(struct plan_loader *loader, uint32_t key)
{
    struct language_text label = {NULL, NULL};
    const struct unit *unit = NULL;
    char text[UNIT_LABEL_MAX];
    int length;

    if (loader->units != NULL) {
        unit = units_find(loader->units, key, loader->plan->from);
    }
    if (loader->units != NULL && unit == NULL) {
        unit = units_find(loader->units, key, loader->plan->to);
    }
    if (unit == NULL) {
        return label;
    }
    length = snprintf(text, sizeof text, "%s %s", unit->type, unit->name);
    label.vi = arena_text(loader->arena, text, (size_t)length);
    label.en = label.vi;
    if (label.vi == NULL) {
        loader->out_of_memory = true;
    }
    return label;
}

/* Sets one field of the row's event. */
static void read_row_field(struct plan_loader *loader,
                           const struct catalogue_type *type,
                           const struct yaml_node *key,
                           struct plan_register_row *row)
{
    uint32_t number = 0;
    const struct catalogue_field *field =
        plan_read_field(loader, type, key, &number);
    const struct yaml_node *item = key->value;
    uint64_t value = 0;

    if (field == NULL) {
        return;
    }
    if (number < EVENT_BODY_BASE) {
        if (number != EVENT_OCCURRED_ON && number != EVENT_SUBJECT_UNIT) {
            yaml_error(loader->yaml, key,
                       "dòng sổ theo dõi không ghi trường \"%s\"",
                       "a register row does not set field \"%s\"", field->name);
        } else if (plan_read_field_value(loader, field, item, &value)) {
            event_header_set(&row->event, number, value);
        }
        return;
    }
    number -= EVENT_BODY_BASE;
    if (field->kind != FIELD_VALUES && field->kind != FIELD_UNITS &&
        field->kind != FIELD_COUNTS) {
        if (plan_read_field_value(loader, field, item, &value)) {
            event_set(&row->event, number, value);
            if (field->kind == FIELD_REFERENCE && row->reference == 0) {
                row->reference = value;
            }
        }
        return;
    }
    if (!yaml_list(loader->yaml, item)) {
        return;
    }
    for (item = item->first; item != NULL; item = item->next) {
        if (plan_read_field_value(loader, field, item, &value) &&
            !event_append(&row->event, number, (uint32_t)value)) {
            yaml_error(loader->yaml, item, "quá nhiều giá trị",
                       "too many values");
        }
    }
}

static void read_row_fields(struct plan_loader *loader,
                            const struct catalogue_type *type,
                            const struct yaml_node *node,
                            struct plan_register_row *row)
{
    if (node == NULL) {
        return;
    }
    if (node->kind != YAML_MAPPING) {
        yaml_error(loader->yaml, node, "dòng viết dạng {trường: giá trị}",
                   "a row is written {field: value}");
        return;
    }
    for (const struct yaml_node *key = node->first; key != NULL;
         key = key->next) {
        if (strcmp(key->text, "label") != 0) {
            read_row_field(loader, type, key, row);
        }
    }
}

/* Where a thing lies in several units, the first of them is its place. */
static void place_row(const struct catalogue_type *type,
                      struct plan_register_row *row)
{
    for (size_t i = 0; i < type->field_count; i++) {
        size_t count = 0;
        const uint32_t *units;

        if (type->fields[i].kind != FIELD_UNITS ||
            row->event.subject_unit != 0) {
            continue;
        }
        units = event_items(&row->event, type->fields[i].number, &count);
        if (count > 0) {
            event_header_set(&row->event, EVENT_SUBJECT_UNIT, units[0]);
        }
    }
}

static void check_row(struct plan_loader *loader,
                      const struct catalogue_type *type,
                      const struct yaml_node *node,
                      const struct plan_register_row *row)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];

        if (field->required && !event_has(&row->event, field->number)) {
            yaml_error(loader->yaml, node, "thiếu trường \"%s\"",
                       "field \"%s\" is missing", field->name);
        }
    }
    if (!event_header_has(&row->event, EVENT_OCCURRED_ON)) {
        yaml_error(loader->yaml, node, "thiếu ngày \"%s\"",
                   "day \"%s\" is missing", type->date_name);
    } else if (row->event.occurred_on > loader->plan->to) {
        yaml_error(loader->yaml, node, "ngày \"%s\" sau khi kế hoạch kết thúc",
                   "day \"%s\" is after the end of the plan", type->date_name);
    }
    if (row->event.subject_unit == 0) {
        yaml_error(loader->yaml, node, "thiếu nơi \"%s\"",
                   "place \"%s\" is missing", type->unit_name);
    }
}

/* The label names no other units than the row. */
static void check_names(struct plan_loader *loader,
                        const struct catalogue_type *type,
                        const struct yaml_node *label,
                        const struct plan_register_row *row)
{
    const uint32_t *units = &row->event.subject_unit;
    size_t count = 1;

    for (size_t i = 0; i < type->field_count; i++) {
        if (type->fields[i].kind == FIELD_UNITS &&
            event_has(&row->event, type->fields[i].number)) {
            units = event_items(&row->event, type->fields[i].number, &count);
        }
    }
    plan_check_names(loader, label, units, count);
}

static void read_row(struct plan_loader *loader,
                     const struct catalogue_type *type,
                     const struct yaml_node *common,
                     const struct yaml_node *node)
{
    struct plan *plan = loader->plan;
    struct plan_register_row *row = &loader->rows[plan->row_count];
    size_t errors = yaml_report(loader->yaml)->errors;

    event_init(&row->event, type->number);
    event_header_set(&row->event, EVENT_UNIT, plan->unit);
    event_header_set(&row->event, EVENT_PROGRAMME, plan->programme);
    read_row_fields(loader, type, common, row);
    read_row_fields(loader, type, node, row);
    place_row(type, row);
    if (yaml_report(loader->yaml)->errors == errors) {
        check_row(loader, type, node, row);
    }
    for (uint32_t i = 0; i < plan->row_count && row->reference != 0; i++) {
        if (loader->rows[i].reference == row->reference &&
            loader->rows[i].event.type == type->number) {
            yaml_error(loader->yaml, node, "mã này đã có ở dòng trên",
                       "this reference stands above already");
            break;
        }
    }
    row->label = unit_label(loader, row->event.subject_unit);
    (void)yaml_both_languages(loader->yaml, yaml_get(node, "label"),
                              &row->label);
    if (yaml_report(loader->yaml)->errors == errors) {
        check_names(loader, type, yaml_get(node, "label"), row);
    }
    plan->row_count++;
}

static void read_group(struct plan_loader *loader, const struct yaml_node *node)
{
    static const char *const known[] = {"type", "common", "rows", NULL};
    const struct yaml_node *rows = yaml_require(loader->yaml, node, "rows");
    const struct catalogue_type *type;

    if (!yaml_keys(loader->yaml, node, known) || rows == NULL ||
        !yaml_list(loader->yaml, rows)) {
        return;
    }
    type = plan_read_type(loader, yaml_require(loader->yaml, node, "type"));
    for (rows = rows->first; type != NULL && rows != NULL; rows = rows->next) {
        read_row(loader, type, yaml_get(node, "common"), rows);
    }
}

void plan_read_register(struct plan_loader *loader,
                        const struct yaml_node *node)
{
    size_t count = 0;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    for (const struct yaml_node *group = node->first; group != NULL;
         group = group->next) {
        const struct yaml_node *rows = yaml_get(group, "rows");

        count += rows == NULL ? 0 : rows->count;
    }
    if (count > PLAN_REGISTER_MAX) {
        yaml_error(loader->yaml, node, "quá %u dòng", "more than %u rows",
                   PLAN_REGISTER_MAX);
        return;
    }
    loader->rows = plan_give(loader, count, sizeof loader->rows[0]);
    loader->plan->rows = loader->rows;
    for (const struct yaml_node *group = node->first;
         group != NULL && loader->rows != NULL; group = group->next) {
        read_group(loader, group);
    }
}

static struct language_text item_label(struct plan_loader *loader,
                                       uint32_t kind, uint64_t item)
{
    if (kind == 0) {
        return unit_label(loader, (uint32_t)item);
    }
    for (uint32_t i = 0; i < loader->plan->row_count; i++) {
        if (loader->rows[i].reference == item) {
            return loader->rows[i].label;
        }
    }
    return (struct language_text){NULL, NULL};
}

/* An item, or {item: ..., label: {vi: ..., en: ...}}. */
static void read_item(struct plan_loader *loader, const struct yaml_node *node,
                      struct plan_list *list, uint64_t *items,
                      struct language_text *labels)
{
    static const char *const known[] = {"item", "label", NULL};
    const struct yaml_node *item = node;
    uint64_t value = 0;
    uint32_t unit = 0;

    if (node->kind == YAML_MAPPING) {
        item = yaml_require(loader->yaml, node, "item");
        if (!yaml_keys(loader->yaml, node, known)) {
            return;
        }
    }
    if (list->reference_kind == 0) {
        if (!plan_read_unit(loader, item, &unit)) {
            return;
        }
        value = unit;
    } else if (!plan_read_reference(loader, item, list->reference_kind,
                                    &value)) {
        return;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        if (items[i] == value) {
            yaml_error(loader->yaml, item, "mục này đã có trong danh sách",
                       "this item is in the list already");
            return;
        }
    }
    items[list->count] = value;
    labels[list->count] = item_label(loader, list->reference_kind, value);
    (void)yaml_both_languages(loader->yaml, yaml_get(node, "label"),
                              &labels[list->count]);
    if (list->reference_kind == 0) {
        plan_check_names(loader, yaml_get(node, "label"), &unit, 1);
    }
    list->count++;
}

static void read_items(struct plan_loader *loader, const struct yaml_node *node,
                       struct plan_list *list)
{
    struct language_text *labels;
    uint64_t *items;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_LIST_ITEMS_MAX) {
        yaml_error(loader->yaml, node, "quá %u mục", "more than %u items",
                   PLAN_LIST_ITEMS_MAX);
        return;
    }
    items = plan_give(loader, node->count, sizeof items[0]);
    labels = plan_give(loader, node->count, sizeof labels[0]);
    list->items = items;
    list->labels = labels;
    for (node = node->first; node != NULL && items != NULL && labels != NULL;
         node = node->next) {
        read_item(loader, node, list, items, labels);
    }
}

static void read_list(struct plan_loader *loader, const struct yaml_node *node,
                      struct plan_list *list)
{
    static const char *const known[] = {"id",     "label", "of",
                                        "stated", "items", NULL};
    const struct yaml_node *of = yaml_require(loader->yaml, node, "of");
    size_t errors = yaml_report(loader->yaml)->errors;

    if (!yaml_keys(loader->yaml, node, known) && node->kind != YAML_MAPPING) {
        return;
    }
    (void)plan_read_id(loader, yaml_require(loader->yaml, node, "id"), false,
                       &list->id);
    (void)yaml_both_languages(
        loader->yaml, yaml_require(loader->yaml, node, "label"), &list->label);
    (void)yaml_integer(loader->yaml, yaml_get(node, "stated"), 1,
                       PLAN_LIST_ITEMS_MAX, &list->stated);
    if (of != NULL && of->kind == YAML_TEXT && strcmp(of->text, "unit") == 0) {
        list->reference_kind = 0;
    } else if (!plan_read_value(loader, of,
                                catalogue_enumeration("ReferenceKind"),
                                &list->reference_kind)) {
        return;
    }
    read_items(loader, yaml_require(loader->yaml, node, "items"), list);
    if (list->stated == list->count) {
        list->stated = 0;
    }
    if (list->stated != 0 && yaml_report(loader->yaml)->errors == errors) {
        yaml_warn(loader->yaml, yaml_get(node, "stated"),
                  "kế hoạch nêu %u mục nhưng danh sách chỉ có %u",
                  "the plan states %u items but %u are listed",
                  (unsigned)list->stated, list->count);
    }
}

void plan_read_lists(struct plan_loader *loader, const struct yaml_node *node)
{
    struct plan *plan = loader->plan;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_LISTS_MAX) {
        yaml_error(loader->yaml, node, "quá %u danh sách", "more than %u lists",
                   PLAN_LISTS_MAX);
        return;
    }
    loader->lists = plan_give(loader, node->count, sizeof loader->lists[0]);
    plan->lists = loader->lists;
    for (const struct yaml_node *item = node->first;
         item != NULL && loader->lists != NULL; item = item->next) {
        struct plan_list list = {0};

        read_list(loader, item, &list);
        for (uint32_t i = 0; i < plan->list_count && list.id != NULL; i++) {
            if (loader->lists[i].id != NULL &&
                strcmp(loader->lists[i].id, list.id) == 0) {
                yaml_error(loader->yaml, yaml_get(item, "id"),
                           "danh sách \"%s\" đã có ở trên",
                           "list \"%s\" stands above already", list.id);
            }
        }
        loader->lists[plan->list_count++] = list;
    }
}
