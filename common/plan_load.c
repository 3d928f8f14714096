/* The top of a plan file, and how single values are read. */
#include "common/plan_loader.h"

#include "common/check.h"
#include "common/reference.h"

#include <stdlib.h>
#include <string.h>

#define PLAN_ARENA_MAX    (64u * 1024u * 1024u)
#define PLAN_REVISION_MAX 999u
#define LEGAL_BYTES_MAX   512u
#define YEAR_MIN          2000u
#define YEAR_MAX          2100u
#define PERIOD_KEY_MIN    (YEAR_MIN * 100u + 1u)
#define PERIOD_KEY_MAX    (YEAR_MAX * 100u + 12u)
#define PLAN_DAYS_MAX     (10 * 366)

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

/* [month, quarter, ...] as a set of bits. */
static void read_kinds(struct plan_loader *loader, const struct yaml_node *node,
                       const struct period_regime *regime, uint32_t *kinds)
{
    static const char *const names[] = {"month", "quarter", "half_year", "year",
                                        NULL};
    uint32_t read = 0;

    if (!yaml_list(loader->yaml, node)) {
        return;
    }
    for (const struct yaml_node *item = node->first; item != NULL;
         item = item->next) {
        uint32_t kind = 0;

        if (!yaml_choice(loader->yaml, item, names, &kind)) {
            continue;
        }
        kind += PERIOD_MONTH;
        if (period_count(regime, (enum period_kind)kind) == 0) {
            yaml_error(loader->yaml, item, "chế độ này không có kỳ \"%s\"",
                       "this regime has no period \"%s\"", item->text);
        }
        read |= 1u << kind;
    }
    *kinds = read;
}

/* "03-14": month and day. */
static bool read_cut(struct plan_loader *loader, const struct yaml_node *node,
                     struct period_cut *cut)
{
    static const uint8_t days[] = {31, 29, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31};
    const char *text = NULL;
    unsigned month = 0;
    unsigned day = 0;

    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    if (node->size == 5 && text[2] == '-') {
        month = (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
        day = (unsigned)(text[3] - '0') * 10 + (unsigned)(text[4] - '0');
    }
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1]) {
        yaml_error(loader->yaml, node,
                   "\"%.20s\" không phải ngày cuối kỳ dạng tháng-ngày (03-14)",
                   "\"%.20s\" is not a last day as month-day (03-14)", text);
        return false;
    }
    *cut = (struct period_cut){.month = (uint8_t)month, .day = (uint8_t)day};
    return true;
}

static void read_last_days(struct plan_loader *loader,
                           const struct yaml_node *node,
                           struct period_regime *regime)
{
    static const char *const names[] = {"month", "quarter", "half_year", "year",
                                        NULL};

    if (!yaml_keys(loader->yaml, node, names)) {
        return;
    }
    for (uint32_t i = 0; names[i] != NULL; i++) {
        uint32_t kind = i + PERIOD_MONTH;
        uint32_t *count = &regime->cut_counts[kind];
        const struct yaml_node *list = yaml_get(node, names[i]);

        if (list == NULL || !yaml_list(loader->yaml, list)) {
            continue;
        }
        regime->kinds |= 1u << kind;
        for (const struct yaml_node *item = list->first; item != NULL;
             item = item->next) {
            struct period_cut *cut = &regime->cuts[kind][*count];

            if (*count == PERIOD_CUTS_MAX) {
                yaml_error(loader->yaml, item, "quá %u kỳ trong năm",
                           "more than %u periods a year", PERIOD_CUTS_MAX);
                break;
            }
            if (!read_cut(loader, item, cut)) {
                continue;
            }
            if (*count > 0 &&
                (cut->month < cut[-1].month ||
                 (cut->month == cut[-1].month && cut->day <= cut[-1].day))) {
                yaml_error(loader->yaml, item,
                           "các ngày cuối kỳ phải theo thứ tự trong năm",
                           "the last days must be in the order of the year");
            }
            *count += 1;
        }
    }
}

static void read_regime(struct plan_loader *loader,
                        const struct yaml_node *node,
                        struct period_regime *regime)
{
    static const char *const known[] = {"regime", "kinds", "entry_kinds",
                                        "last_days", NULL};
    const struct yaml_node *days = yaml_get(node, "last_days");
    uint32_t number = 0;

    if (!yaml_keys(loader->yaml, node, known) ||
        !plan_read_value(loader, yaml_require(loader->yaml, node, "regime"),
                         catalogue_enumeration("Regime"), &number)) {
        return;
    }
    if (!period_regime_init(regime, number)) {
        regime->number = number;
        if (yaml_require(loader->yaml, node, "last_days") != NULL) {
            read_last_days(loader, days, regime);
        }
    } else if (days != NULL) {
        yaml_error(loader->yaml, days,
                   "chỉ chế độ plan_deadline mới có ngày cuối kỳ riêng",
                   "only the regime plan_deadline has last days of its own");
    }
    read_kinds(loader, yaml_get(node, "kinds"), regime, &regime->kinds);
    regime->entry_kinds = regime->kinds;
    read_kinds(loader, yaml_get(node, "entry_kinds"), regime,
               &regime->entry_kinds);
}

static void read_regimes(struct plan_loader *loader,
                         const struct yaml_node *node)
{
    struct plan *plan = loader->plan;

    if (!yaml_list(loader->yaml, node)) {
        return;
    }
    for (const struct yaml_node *item = node->first; item != NULL;
         item = item->next) {
        if (plan->regime_count == PLAN_REGIMES_MAX) {
            yaml_error(loader->yaml, item, "quá %u chế độ kỳ báo cáo",
                       "more than %u regimes", PLAN_REGIMES_MAX);
            return;
        }
        read_regime(loader, item, &plan->regimes[plan->regime_count++]);
    }
}

static void read_legal_base(struct plan_loader *loader,
                            const struct yaml_node *node)
{
    const char **texts;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_LEGAL_MAX) {
        yaml_error(loader->yaml, node, "quá %u căn cứ", "more than %u items",
                   PLAN_LEGAL_MAX);
        return;
    }
    texts = plan_give(loader, node->count, sizeof texts[0]);
    if (texts == NULL) {
        return;
    }
    for (const struct yaml_node *item = node->first; item != NULL;
         item = item->next) {
        if (yaml_text(loader->yaml, item,
                      &texts[loader->plan->legal_base_count])) {
            loader->plan->legal_base_count++;
        }
    }
    loader->plan->legal_base = texts;
}

/* What the source text itself contradicts: told at every check, so that the
 * next reader does not take it for a slip of the file. */
static void read_source_faults(struct plan_loader *loader,
                               const struct yaml_node *node)
{
    static const char *const known[] = {"line", "vi", "en", NULL};

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    for (const struct yaml_node *item = node->first; item != NULL;
         item = item->next) {
        const char *vi = NULL;
        const char *en = NULL;
        uint64_t line = 0;

        if (!yaml_keys(loader->yaml, item, known)) {
            continue;
        }
        (void)yaml_integer(loader->yaml, yaml_get(item, "line"), 1, UINT32_MAX,
                           &line);
        if (!yaml_text(loader->yaml, yaml_require(loader->yaml, item, "vi"),
                       &vi) ||
            !yaml_text(loader->yaml, yaml_require(loader->yaml, item, "en"),
                       &en)) {
            continue;
        }
        yaml_warn(loader->yaml, item, "văn bản kế hoạch: %s",
                  "text of the plan: %s",
                  yaml_report(loader->yaml)->language == LANGUAGE_VI ? vi : en);
    }
}

static void read_days(struct plan_loader *loader, const struct yaml_node *root)
{
    static const char *const known[] = {"from", "to", NULL};
    const struct yaml_node *period = yaml_require(loader->yaml, root, "period");
    struct plan *plan = loader->plan;

    if (period == NULL || !yaml_keys(loader->yaml, period, known)) {
        return;
    }
    if (yaml_date(loader->yaml, yaml_require(loader->yaml, period, "from"),
                  &plan->from) &&
        yaml_date(loader->yaml, yaml_require(loader->yaml, period, "to"),
                  &plan->to) &&
        (plan->to < plan->from || plan->to - plan->from > PLAN_DAYS_MAX)) {
        yaml_error(loader->yaml, period,
                   "thời gian kế hoạch phải từ 1 ngày đến 10 năm",
                   "a plan runs from one day to ten years");
        plan->to = plan->from;
    }
}

static void read_head(struct plan_loader *loader, const struct yaml_node *root)
{
    struct yaml *yaml = loader->yaml;
    struct plan *plan = loader->plan;
    uint64_t revision = 1;

    (void)plan_read_id(loader, yaml_require(yaml, root, "plan"), true,
                       &plan->id);
    (void)yaml_integer(yaml, yaml_get(root, "revision"), 1, PLAN_REVISION_MAX,
                       &revision);
    plan->revision = (uint32_t)revision;
    (void)yaml_both_languages(yaml, yaml_require(yaml, root, "title"),
                              &plan->title);
    plan->number = "";
    (void)yaml_text(yaml, yaml_get(root, "number"), &plan->number);
    (void)yaml_date(yaml, yaml_get(root, "issued_on"), &plan->issued_on);
    read_days(loader, root);
    (void)plan_read_unit(loader, yaml_require(yaml, root, "unit"), &plan->unit);
    (void)plan_read_value(loader, yaml_require(yaml, root, "programme"),
                          catalogue_enumeration("Programme"), &plan->programme);
    read_legal_base(loader, yaml_get(root, "legal_base"));
    read_regimes(loader, yaml_require(yaml, root, "regimes"));
    read_source_faults(loader, yaml_get(root, "source_faults"));
}

static void read_indicator(struct plan_loader *loader,
                           const struct yaml_node *node,
                           struct plan_indicator *indicator)
{
    static const char *const known[] = {
        "id",         "label", "unit_of_count", "note", "persons",
        "reports_as", "value", "not_computed",  NULL};
    const struct catalogue_enumeration *names =
        catalogue_enumeration("Indicator");
    struct yaml *yaml = loader->yaml;
    const struct yaml_node *value = yaml_get(node, "value");
    const struct yaml_node *reason = yaml_get(node, "not_computed");
    const struct yaml_node *reports_as = yaml_get(node, "reports_as");
    const struct catalogue_value *named;

    indicator->line = node->line;
    if (!yaml_keys(yaml, node, known)) {
        return;
    }
    (void)plan_read_id(loader, yaml_require(yaml, node, "id"), false,
                       &indicator->id);
    (void)yaml_both_languages(yaml, yaml_require(yaml, node, "label"),
                              &indicator->label);
    (void)yaml_both_languages(yaml, yaml_require(yaml, node, "unit_of_count"),
                              &indicator->unit_of_count);
    (void)yaml_both_languages(yaml, yaml_get(node, "note"), &indicator->note);
    (void)yaml_both_languages(yaml, reason, &indicator->not_computed);
    if (reports_as != NULL) {
        (void)plan_read_value(loader, reports_as, names, &indicator->number);
    } else if (indicator->id != NULL) {
        named = vocabulary_by_token(loader->vocabulary, names, indicator->id,
                                    strlen(indicator->id));
        indicator->number = named == NULL ? 0 : named->value;
    }
    if ((value == NULL) == (reason == NULL)) {
        yaml_error(yaml, node,
                   "chỉ số cần đúng một trong hai khoá: value (cách tính) "
                   "hoặc not_computed (lý do không tính)",
                   "an indicator has either value (how it is counted) or "
                   "not_computed (why it is not)");
        return;
    }
    loader->persons = false;
    if (value != NULL) {
        indicator->formula = plan_read_formula(loader, value, 1);
    }
    (void)yaml_flag(yaml, yaml_get(node, "persons"), &indicator->persons);
    if (loader->persons && !indicator->persons &&
        yaml_get(node, "persons") != NULL) {
        yaml_error(yaml, yaml_get(node, "persons"),
                   "chỉ số này đếm người theo danh mục, không thể tắt",
                   "this indicator counts persons by the catalogue, that "
                   "cannot be switched off");
    }
    indicator->persons = indicator->persons || loader->persons;
}

static void read_indicators(struct plan_loader *loader,
                            const struct yaml_node *node)
{
    struct plan *plan = loader->plan;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_INDICATORS_MAX) {
        yaml_error(loader->yaml, node, "quá %u chỉ số",
                   "more than %u indicators", PLAN_INDICATORS_MAX);
        return;
    }
    loader->indicators =
        plan_give(loader, node->count, sizeof loader->indicators[0]);
    plan->indicators = loader->indicators;
    if (loader->indicators == NULL) {
        return;
    }
    for (const struct yaml_node *item = node->first; item != NULL;
         item = item->next) {
        struct plan_indicator read = {0};

        read_indicator(loader, item, &read);
        if (read.id != NULL &&
            plan_find_indicator(plan, read.id) != UINT32_MAX) {
            yaml_error(loader->yaml, yaml_get(item, "id"),
                       "chỉ số \"%s\" đã có ở trên",
                       "indicator \"%s\" stands above already", read.id);
        }
        loader->indicators[plan->indicator_count++] = read;
    }
}

static void read_plan(struct plan_loader *loader)
{
    static const char *const known[] = {
        "plan",       "revision",   "title",         "number",
        "issued_on",  "period",     "unit",          "programme",
        "legal_base", "regimes",    "source_faults", "lists",
        "register",   "indicators", "targets",       NULL};
    const struct yaml_node *root = yaml_root(loader->yaml);

    if (root == NULL) {
        yaml_error(loader->yaml, NULL, "tệp trống", "the file is empty");
        return;
    }
    /* An unknown key is told, and the rest is read all the same. */
    if (!yaml_keys(loader->yaml, root, known) && root->kind != YAML_MAPPING) {
        return;
    }
    read_head(loader, root);
    plan_read_register(loader, yaml_get(root, "register"));
    plan_read_lists(loader, yaml_get(root, "lists"));
    read_indicators(loader, yaml_require(loader->yaml, root, "indicators"));
    plan_read_targets(loader, yaml_require(loader->yaml, root, "targets"));
}

enum status plan_load(const char *name, struct bytes text,
                      const struct units *units,
                      const struct vocabulary *vocabulary,
                      struct report *report, struct plan **plan)
{
    struct plan_loader loader = {.units = units, .vocabulary = vocabulary};
    size_t errors = report->errors;
    enum status rc;

    *plan = NULL;
    rc = yaml_load(name, text, report, &loader.yaml);
    if (rc != STATUS_OK) {
        goto out;
    }
    rc = arena_new(PLAN_ARENA_MAX, &loader.arena);
    if (rc != STATUS_OK) {
        goto out;
    }
    loader.plan = plan_give(&loader, 1, sizeof *loader.plan);
    loader.measures =
        plan_give(&loader, PLAN_MEASURES_MAX, sizeof loader.measures[0]);
    if (loader.plan == NULL || loader.measures == NULL) {
        rc = STATUS_MEMORY;
        goto out;
    }
    loader.plan->measures = loader.measures;
    read_plan(&loader);
    if (loader.out_of_memory) {
        rc = STATUS_MEMORY;
    } else if (report->errors > errors) {
        rc = STATUS_INVALID;
    }
out:
    report_sort(report);
    if (rc == STATUS_OK) {
        loader.plan->arena = loader.arena;
        loader.plan->source = loader.yaml;
        *plan = loader.plan;
    } else {
        arena_free(&loader.arena);
        yaml_unload(&loader.yaml);
    }
    return rc;
}
