/* Formulas. A node is a mapping with one key that names the operation; what
 * it needs of the events becomes a measure, and equal measures become one. */
#include "common/plan_loader.h"

#include "common/event.h"

#include <string.h>

enum operation_key {
    KEY_COUNT,
    KEY_SUM,
    KEY_DISTINCT,
    KEY_FIRST,
    KEY_NEVER,
    KEY_STATUS,
    KEY_LATEST,
    KEY_UNITS,
    KEY_COVERAGE,
    KEY_IN_FORCE,
    KEY_LIST,
    KEY_ALL_OF,
    KEY_CONSTANT,
    KEY_ADD,
    KEY_SUBTRACT,
    KEY_RATIO,
    KEY_INDICATOR,
    KEY_END
};

/* Each operation with the keys that go with it. */
static const char *const operations[KEY_END][6] = {
    [KEY_COUNT] = {"count", "where"},
    [KEY_SUM] = {"sum", "of", "where"},
    [KEY_DISTINCT] = {"distinct", "of", "where", "in_list"},
    [KEY_FIRST] = {"first", "of", "where"},
    [KEY_NEVER] = {"never", "of", "where", "in_list"},
    [KEY_STATUS] = {"status", "of", "where", "is", "in_list"},
    [KEY_LATEST] = {"latest", "of", "by", "where"},
    [KEY_UNITS] = {"units", "of", "where"},
    [KEY_COVERAGE] = {"coverage", "of", "where"},
    [KEY_IN_FORCE] = {"in_force"},
    [KEY_LIST] = {"list"},
    [KEY_ALL_OF] = {"all_of", "each"},
    [KEY_CONSTANT] = {"constant"},
    [KEY_ADD] = {"add"},
    [KEY_SUBTRACT] = {"subtract"},
    [KEY_RATIO] = {"ratio"},
    [KEY_INDICATOR] = {"indicator"},
};

/* What is read of one node, shared by the functions below. */
struct reading {
    struct plan_loader *loader;
    const struct yaml_node *node;
    const struct yaml_node *subject; /* the value of the operation's key */
    enum operation_key key;
    struct plan_formula *formula;
    uint32_t depth;
};

static bool conditions_equal(const struct plan_condition a[],
                             const struct plan_condition b[], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (a[i].field != b[i].field || a[i].test != b[i].test ||
            a[i].value_count != b[i].value_count ||
            memcmp(a[i].values, b[i].values,
                   a[i].value_count * sizeof a[i].values[0]) != 0) {
            return false;
        }
    }
    return true;
}

static bool measures_equal(const struct plan_measure *a,
                           const struct plan_measure *b)
{
    return a->type == b->type && a->keep == b->keep && a->field == b->field &&
           a->condition_count == b->condition_count &&
           conditions_equal(a->conditions, b->conditions, a->condition_count) &&
           a->key_field_count == b->key_field_count &&
           memcmp(a->key_fields, b->key_fields,
                  a->key_field_count * sizeof a->key_fields[0]) == 0 &&
           a->capture_count == b->capture_count &&
           memcmp(a->capture, b->capture,
                  a->capture_count * sizeof a->capture[0]) == 0;
}

/* Gives the formula its measure: an equal one, or this one anew. */
static bool use_measure(const struct reading *reading,
                        const struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    struct plan *plan = loader->plan;

    for (uint32_t i = 0; i < plan->measure_count; i++) {
        if (measures_equal(&loader->measures[i], measure)) {
            reading->formula->measure = i;
            return true;
        }
    }
    if (plan->measure_count == PLAN_MEASURES_MAX) {
        yaml_error(loader->yaml, reading->node, "quá %u phép đo",
                   "more than %u measures", PLAN_MEASURES_MAX);
        return false;
    }
    reading->formula->measure = plan->measure_count;
    loader->measures[plan->measure_count++] = *measure;
    return true;
}

/* Events of other programmes are not the plan's, unless `where` says which. */
static void add_programme(const struct plan_loader *loader,
                          struct plan_measure *measure)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < measure->condition_count; i++) {
        if (measure->conditions[i].field == EVENT_PROGRAMME) {
            return;
        }
        at += measure->conditions[i].field < EVENT_PROGRAMME;
    }
    memmove(&measure->conditions[at + 1], &measure->conditions[at],
            (measure->condition_count - at) * sizeof measure->conditions[0]);
    measure->conditions[at] =
        (struct plan_condition){.field = EVENT_PROGRAMME,
                                .test = PLAN_TEST_ANY_OF,
                                .values = {loader->plan->programme},
                                .value_count = 1};
    measure->condition_count++;
}

/* Type and filter of a measure. NULL after a mistake. */
static const struct catalogue_type *read_events(const struct reading *reading,
                                                const struct yaml_node *type,
                                                struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    const struct catalogue_type *found = plan_read_type(loader, type);

    if (found == NULL) {
        return NULL;
    }
    if (strcmp(found->name, "correction") == 0 ||
        strcmp(found->name, "same_as") == 0) {
        yaml_error(
            loader->yaml, type, "\"%s\" chỉ sửa sự kiện khác, không đếm được",
            "\"%s\" only mends other events, it is not counted", found->name);
        return NULL;
    }
    measure->type = found->number;
    /* One place is kept for the programme. */
    plan_read_where(loader, found, yaml_get(reading->node, "where"),
                    measure->conditions, PLAN_CONDITIONS_MAX - 1,
                    &measure->condition_count);
    add_programme(loader, measure);
    return found;
}

static const struct catalogue_type *read_of(const struct reading *reading,
                                            struct plan_measure *measure)
{
    return read_events(reading,
                       yaml_require(reading->loader->yaml, reading->node, "of"),
                       measure);
}

static bool sums(enum field_kind kind)
{
    return kind == FIELD_COUNT || kind == FIELD_COUNTS || kind == FIELD_MONEY;
}

static const struct catalogue_field *read_summed(
    const struct reading *reading, const struct catalogue_type *type,
    uint32_t *number)
{
    struct plan_loader *loader = reading->loader;
    const struct catalogue_field *field =
        plan_read_field(loader, type, reading->subject, number);

    if (field == NULL) {
        return NULL;
    }
    if (!sums(field->kind) ||
        (reading->key == KEY_LATEST && field->kind == FIELD_COUNTS)) {
        yaml_error(loader->yaml, reading->subject,
                   "trường \"%s\" không phải số đếm, không cộng được",
                   "field \"%s\" is no number to add", field->name);
        return NULL;
    }
    loader->persons = loader->persons || field->persons;
    return field;
}

static bool read_sum(const struct reading *reading)
{
    struct plan_measure measure = {.keep = PLAN_KEEP_SUM};
    const struct catalogue_type *type;

    reading->formula->operation = PLAN_SUM;
    if (reading->key == KEY_COUNT) {
        return read_events(reading, reading->subject, &measure) != NULL &&
               use_measure(reading, &measure);
    }
    type = read_of(reading, &measure);
    return type != NULL && read_summed(reading, type, &measure.field) != NULL &&
           use_measure(reading, &measure);
}

static bool read_key(const struct reading *reading,
                     const struct catalogue_type *type,
                     const struct yaml_node *node, struct plan_measure *measure,
                     bool *reference, bool *place)
{
    struct plan_loader *loader = reading->loader;
    uint32_t number = 0;
    const struct catalogue_field *field =
        plan_read_field(loader, type, node, &number);

    if (field == NULL) {
        return false;
    }
    if (measure->key_field_count == PLAN_KEY_FIELDS_MAX) {
        yaml_error(loader->yaml, node, "quá %u trường làm khoá",
                   "more than %u fields of a key", PLAN_KEY_FIELDS_MAX);
        return false;
    }
    if (field->kind != FIELD_REFERENCE && field->kind != FIELD_VALUE &&
        field->kind != FIELD_YEAR && number != EVENT_SUBJECT_UNIT) {
        yaml_error(loader->yaml, node,
                   "không phân biệt được theo trường \"%s\" (cần mã tham "
                   "chiếu, hoặc đơn vị cùng với giá trị khác)",
                   "field \"%s\" cannot tell things apart (a reference, or "
                   "the unit with other values, is wanted)",
                   field->name);
        return false;
    }
    *reference = *reference || field->kind == FIELD_REFERENCE;
    *place = *place || number == EVENT_SUBJECT_UNIT;
    measure->key_fields[measure->key_field_count++] = number;
    return true;
}

/* What tells the things apart: a reference alone, or the unit, perhaps with
 * other values. */
static bool read_keys(const struct reading *reading,
                      const struct catalogue_type *type,
                      const struct yaml_node *node,
                      struct plan_measure *measure)
{
    const struct yaml_node *item = node;
    bool reference = false;
    bool place = false;

    if (node == NULL) {
        return false;
    }
    if (node->kind == YAML_LIST) {
        item = node->first;
    }
    for (; item != NULL; item = node->kind == YAML_LIST ? item->next : NULL) {
        if (!read_key(reading, type, item, measure, &reference, &place)) {
            return false;
        }
    }
    if (reference ? measure->key_field_count != 1 : !place) {
        yaml_error(reading->loader->yaml, node,
                   "khoá phải là một mã tham chiếu, hoặc có subject_unit",
                   "a key is one reference, or has subject_unit in it");
        return false;
    }
    return true;
}

/* Restricts the formula to the members of a list of its own kind. */
static bool read_in_list(const struct reading *reading,
                         const struct catalogue_type *type,
                         const struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    const struct yaml_node *node = yaml_get(reading->node, "in_list");
    uint32_t number = measure->key_fields[0];
    const struct catalogue_field *field = NULL;
    uint32_t wanted;

    if (node == NULL) {
        return true;
    }
    if (!plan_read_list_id(loader, node, &reading->formula->list)) {
        return false;
    }
    if (number >= EVENT_BODY_BASE) {
        field = catalogue_field(type, number - EVENT_BODY_BASE);
    }
    wanted =
        field != NULL && field->kind == FIELD_REFERENCE ? field->reference : 0;
    if (loader->lists[reading->formula->list].reference_kind != wanted) {
        yaml_error(loader->yaml, node,
                   "danh sách \"%s\" không cùng loại với khoá của phép đếm",
                   "list \"%s\" is of another kind than what is counted",
                   node->text);
        return false;
    }
    return true;
}

/* `is`: what the last state must be. Its fields are captured. */
static bool read_is(const struct reading *reading,
                    const struct catalogue_type *type,
                    struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *node =
        yaml_require(loader->yaml, reading->node, "is");

    if (node == NULL) {
        return false;
    }
    plan_read_where(loader, type, node, formula->conditions,
                    PLAN_STATUS_CONDITIONS_MAX, &formula->condition_count);
    for (uint32_t i = 0; i < formula->condition_count; i++) {
        uint32_t number = formula->conditions[i].field;
        const struct catalogue_field *field =
            number < EVENT_BODY_BASE
                ? NULL
                : catalogue_field(type, number - EVENT_BODY_BASE);

        if (field == NULL || field->kind == FIELD_VALUES ||
            field->kind == FIELD_UNITS || field->kind == FIELD_COUNTS) {
            yaml_error(loader->yaml, node,
                       "trạng thái cuối chỉ xét được trường có một giá trị",
                       "the last state is a field with one value");
            return false;
        }
        for (uint32_t k = 0; k < measure->condition_count; k++) {
            if (measure->conditions[k].field == number) {
                yaml_error(loader->yaml, node,
                           "trường \"%s\" vừa ở where vừa ở is: lọc trước sẽ "
                           "bỏ mất trạng thái mới hơn",
                           "field \"%s\" is in both where and is: filtering "
                           "first would lose a later state",
                           field->name);
                return false;
            }
        }
        measure->capture[measure->capture_count] = number;
        formula->conditions[i].field = measure->capture_count++;
    }
    return formula->condition_count > 0;
}

static bool read_rows(const struct reading *reading)
{
    struct plan_measure measure = {.keep = PLAN_KEEP_ROWS};
    const struct catalogue_type *type = read_of(reading, &measure);

    reading->formula->operation = reading->key == KEY_FIRST    ? PLAN_FIRST
                                  : reading->key == KEY_STATUS ? PLAN_STATUS
                                                               : PLAN_DISTINCT;
    if (type == NULL || !read_keys(reading, type, reading->subject, &measure) ||
        !read_in_list(reading, type, &measure)) {
        return false;
    }
    if (reading->key == KEY_STATUS && !read_is(reading, type, &measure)) {
        return false;
    }
    return use_measure(reading, &measure);
}

static bool read_latest(const struct reading *reading)
{
    struct plan_measure measure = {.keep = PLAN_KEEP_ROWS};
    const struct catalogue_type *type = read_of(reading, &measure);
    uint32_t number = 0;

    reading->formula->operation = PLAN_LATEST;
    if (type == NULL || read_summed(reading, type, &number) == NULL ||
        !read_keys(reading, type,
                   yaml_require(reading->loader->yaml, reading->node, "by"),
                   &measure)) {
        return false;
    }
    measure.capture[measure.capture_count++] = number;
    return use_measure(reading, &measure);
}

static bool read_units(const struct reading *reading)
{
    struct plan_measure measure = {.keep = PLAN_KEEP_ROWS};

    reading->formula->operation = PLAN_UNITS;
    measure.key_fields[measure.key_field_count++] = EVENT_SUBJECT_UNIT;
    return plan_read_level(reading->loader, reading->subject,
                           &reading->formula->level) &&
           read_of(reading, &measure) != NULL && use_measure(reading, &measure);
}

static bool read_in_force(const struct reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;

    formula->operation = PLAN_IN_FORCE;
    if (!plan_read_level(loader, reading->subject, &formula->level)) {
        return false;
    }
    if (loader->plan->unit != 0 &&
        units_in_force(loader->units, loader->plan->unit, formula->level,
                       loader->plan->to) == 0) {
        yaml_error(loader->yaml, reading->subject,
                   "cuối thời gian kế hoạch không có đơn vị nào ở cấp này",
                   "there is no unit of this level at the end of the plan");
        return false;
    }
    return true;
}

/* A list of formulas, at least two. */
static bool read_operands(const struct reading *reading,
                          enum plan_operation operation)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;

    formula->operation = operation;
    if (!yaml_list(loader->yaml, reading->subject)) {
        return false;
    }
    if (reading->subject->count < 2 ||
        reading->subject->count > PLAN_OPERANDS_MAX) {
        yaml_error(loader->yaml, reading->subject, "cần từ 2 đến %u số hạng",
                   "2 to %u operands are wanted", PLAN_OPERANDS_MAX);
        return false;
    }
    for (const struct yaml_node *item = reading->subject->first; item != NULL;
         item = item->next) {
        const struct plan_formula *operand =
            plan_read_formula(loader, item, reading->depth + 1);

        if (operand == NULL) {
            return false;
        }
        formula->operands[formula->operand_count++] = operand;
    }
    return true;
}

static bool read_ratio(const struct reading *reading)
{
    static const char *const known[] = {"part", "whole", NULL};
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;

    formula->operation = PLAN_RATIO;
    if (!yaml_keys(loader->yaml, reading->subject, known)) {
        return false;
    }
    for (size_t i = 0; known[i] != NULL; i++) {
        const struct yaml_node *node =
            yaml_require(loader->yaml, reading->subject, known[i]);
        const struct plan_formula *operand =
            node == NULL ? NULL
                         : plan_read_formula(loader, node, reading->depth + 1);

        if (operand == NULL) {
            return false;
        }
        if (operand->operation == PLAN_RATIO) {
            yaml_error(loader->yaml, node, "không lấy tỷ lệ của một tỷ lệ",
                       "a ratio of a ratio is not taken");
            return false;
        }
        if (i == 1 && operand->operation == PLAN_CONSTANT &&
            operand->constant == 0) {
            yaml_error(loader->yaml, node, "mẫu số luôn bằng 0",
                       "the denominator is always 0");
            return false;
        }
        formula->operands[formula->operand_count++] = operand;
    }
    return true;
}

/* {coverage: commune, of: ...} is units over in_force. */
static bool read_coverage(const struct reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *part = plan_give(loader, 1, sizeof *part);
    struct plan_formula *whole = plan_give(loader, 1, sizeof *whole);
    struct reading inner = *reading;

    if (part == NULL || whole == NULL) {
        return false;
    }
    part->list = UINT32_MAX;
    whole->list = UINT32_MAX;
    inner.formula = part;
    if (!read_units(&inner)) {
        return false;
    }
    inner.formula = whole;
    reading->formula->operation = PLAN_RATIO;
    reading->formula->operands[0] = part;
    reading->formula->operands[1] = whole;
    reading->formula->operand_count = 2;
    return read_in_force(&inner);
}

static bool read_all_of(const struct reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *each =
        yaml_require(loader->yaml, reading->node, "each");

    formula->operation = PLAN_ALL_OF;
    if (!plan_read_list_id(loader, reading->subject, &formula->list) ||
        each == NULL) {
        return false;
    }
    formula->operands[0] = plan_read_formula(loader, each, reading->depth + 1);
    formula->operand_count = 1;
    return formula->operands[0] != NULL;
}

/* The formula of an indicator that stands above. */
static const struct plan_formula *read_indicator(const struct reading *reading)
{
    struct plan_loader *loader = reading->loader;
    const struct plan *plan = loader->plan;
    struct nearest nearest;
    const char *id = NULL;
    uint32_t position;

    if (!plan_read_id(loader, reading->subject, false, &id)) {
        return NULL;
    }
    position = plan_find_indicator(plan, id);
    if (position != UINT32_MAX) {
        loader->persons =
            loader->persons || loader->indicators[position].persons;
        if (loader->indicators[position].formula == NULL) {
            yaml_error(loader->yaml, reading->subject,
                       "chỉ số \"%s\" không được tính",
                       "indicator \"%s\" is not computed", id);
        }
        return loader->indicators[position].formula;
    }
    nearest_init(&nearest, id);
    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        nearest_try(&nearest, loader->indicators[i].id);
    }
    yaml_unknown(loader->yaml, reading->subject, "chỉ số ở phía trên",
                 "indicator above", nearest.best);
    return NULL;
}

static bool read_operation(struct reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;

    switch (reading->key) {
    case KEY_COUNT:
    case KEY_SUM:
        return read_sum(reading);
    case KEY_DISTINCT:
    case KEY_FIRST:
    case KEY_NEVER:
    case KEY_STATUS:
        return read_rows(reading);
    case KEY_LATEST:
        return read_latest(reading);
    case KEY_UNITS:
        return read_units(reading);
    case KEY_COVERAGE:
        return read_coverage(reading);
    case KEY_IN_FORCE:
        return read_in_force(reading);
    case KEY_LIST:
        formula->operation = PLAN_LIST;
        return plan_read_list_id(loader, reading->subject, &formula->list);
    case KEY_ALL_OF:
        return read_all_of(reading);
    case KEY_CONSTANT:
        formula->operation = PLAN_CONSTANT;
        return yaml_integer(loader->yaml, reading->subject, 0, INT64_MAX,
                            &formula->constant);
    case KEY_ADD:
        return read_operands(reading, PLAN_ADD);
    case KEY_SUBTRACT:
        return read_operands(reading, PLAN_SUBTRACT);
    case KEY_RATIO:
        return read_ratio(reading);
    case KEY_INDICATOR:
    case KEY_END:
        break;
    }
    return false;
}

/* Finds the one key of the node that names an operation. */
static bool find_operation(struct reading *reading)
{
    struct yaml *yaml = reading->loader->yaml;
    struct nearest nearest;
    size_t found = 0;

    if (reading->node->kind != YAML_MAPPING || reading->node->count == 0) {
        yaml_error(yaml, reading->node,
                   "công thức viết dạng {phép tính: ...}, ví dụ {count: "
                   "inspection}",
                   "a formula is written {operation: ...}, such as {count: "
                   "inspection}");
        return false;
    }
    nearest_init(&nearest, reading->node->first->text);
    for (uint32_t key = 0; key < KEY_END; key++) {
        const struct yaml_node *subject =
            yaml_get(reading->node, operations[key][0]);

        nearest_try(&nearest, operations[key][0]);
        /* `list` and `indicator` are operations of their own only. */
        if (subject != NULL) {
            reading->key = (enum operation_key)key;
            reading->subject = subject;
            found++;
        }
    }
    if (found == 0) {
        yaml_unknown(yaml, reading->node->first, "phép tính", "operation",
                     nearest.best);
    } else if (found > 1) {
        yaml_error(yaml, reading->node, "chỉ một phép tính trong một công thức",
                   "one operation in a formula");
    }
    return found == 1;
}

const struct plan_formula *plan_read_formula(struct plan_loader *loader,
                                             const struct yaml_node *node,
                                             uint32_t depth)
{
    struct reading reading = {.loader = loader, .node = node, .depth = depth};
    size_t errors = yaml_report(loader->yaml)->errors;

    if (depth > PLAN_DEPTH_MAX) {
        yaml_error(loader->yaml, node, "công thức lồng quá %u tầng",
                   "the formula is nested deeper than %u", PLAN_DEPTH_MAX);
        return NULL;
    }
    if (!find_operation(&reading) ||
        !yaml_keys(loader->yaml, node, operations[reading.key])) {
        return NULL;
    }
    if (reading.key == KEY_INDICATOR) {
        return read_indicator(&reading);
    }
    reading.formula = plan_give(loader, 1, sizeof *reading.formula);
    if (reading.formula == NULL) {
        return NULL;
    }
    reading.formula->list = UINT32_MAX;
    if (!read_operation(&reading) ||
        yaml_report(loader->yaml)->errors > errors) {
        return NULL;
    }
    return reading.formula;
}
