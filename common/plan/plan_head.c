/* The head of a plan: what it is called, when it holds, who reports when. */
#include "common/plan/plan_loader.h"

#include <string.h>

#define PLAN_REVISION_MAX 999u
#define PLAN_DAYS_MAX     (10 * 366)

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

bool plan_read_cut(struct plan_loader *loader, const struct yaml_node *node,
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
                   "\"%.20s\" không phải ngày dạng tháng-ngày (03-14)",
                   "\"%.20s\" is not a day as month-day (03-14)", text);
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
            if (!plan_read_cut(loader, item, cut)) {
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
    static const char *const known[] = {"regime",    "kinds", "entry_kinds",
                                        "last_days", "due",   "working_days",
                                        NULL};
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
    plan_read_due(loader, node, regime);
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

/* The plan that this one takes the place of. */
static void read_supersedes(struct plan_loader *loader,
                            const struct yaml_node *node)
{
    struct plan *plan = loader->plan;

    if (node == NULL || !plan_read_id(loader, node, true, &plan->supersedes)) {
        return;
    }
    if (plan->id != NULL && strcmp(plan->id, plan->supersedes) == 0) {
        yaml_error(loader->yaml, node,
                   "kế hoạch không thay chính nó; bản mới của cùng kế hoạch "
                   "chỉ cần nạp lại",
                   "a plan does not supersede itself; a new revision of it is "
                   "simply loaded");
    }
}

/* One programme, or a list of them; in the order of their numbers the events
 * are asked for, the first that is written is that of entry. */
static void read_programmes(struct plan_loader *loader,
                            const struct yaml_node *node)
{
    struct plan *plan = loader->plan;
    const struct yaml_node *item = node;

    if (node != NULL && node->kind == YAML_LIST) {
        item = node->first;
        if (node->count == 0 || node->count > PLAN_PROGRAMMES_MAX) {
            yaml_error(loader->yaml, node, "cần từ 1 đến %u chương trình",
                       "1 to %u programmes are wanted", PLAN_PROGRAMMES_MAX);
            return;
        }
    }
    for (; item != NULL; item = node->kind == YAML_LIST ? item->next : NULL) {
        uint32_t programme = 0;

        if (!plan_read_value(loader, item, catalogue_enumeration("Programme"),
                             &programme)) {
            continue;
        }
        if (plan_has_programme(plan, programme)) {
            yaml_error(loader->yaml, item, "chương trình này đã có ở trên",
                       "this programme stands before already");
            continue;
        }
        plan->programmes[plan->programme_count++] = programme;
        plan->programme = plan->programmes[0];
    }
}

/* Which offices report under the plan. */
static void read_offices(struct plan_loader *loader,
                         const struct yaml_node *node)
{
    struct plan *plan = loader->plan;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    for (node = node->first; node != NULL; node = node->next) {
        uint32_t office = 0;

        if (plan->office_count == PLAN_OFFICES_MAX) {
            yaml_error(loader->yaml, node, "quá %u cơ quan",
                       "more than %u offices", PLAN_OFFICES_MAX);
            return;
        }
        if (plan_read_value(loader, node, catalogue_enumeration("Office"),
                            &office)) {
            plan->offices[plan->office_count++] = office;
        }
    }
}

void plan_read_head(struct plan_loader *loader, const struct yaml_node *root)
{
    struct yaml *yaml = loader->yaml;
    struct plan *plan = loader->plan;
    const struct yaml_node *regimes;
    uint64_t revision = 1;

    (void)plan_read_id(loader, yaml_require(yaml, root, "plan"), true,
                       &plan->id);
    (void)yaml_integer(yaml, yaml_get(root, "revision"), 1, PLAN_REVISION_MAX,
                       &revision);
    plan->revision = (uint32_t)revision;
    plan->has_revision = yaml_get(root, "revision") != NULL;
    (void)yaml_both_languages(yaml, yaml_require(yaml, root, "title"),
                              &plan->title);
    plan->number = "";
    (void)yaml_text(yaml, yaml_get(root, "number"), &plan->number);
    read_supersedes(loader, yaml_get(root, "supersedes"));
    (void)yaml_date(yaml, yaml_get(root, "issued_on"), &plan->issued_on);
    read_days(loader, root);
    (void)plan_read_unit(loader, yaml_require(yaml, root, "unit"), &plan->unit);
    read_programmes(loader, yaml_require(yaml, root, "programme"));
    read_offices(loader, yaml_get(root, "offices"));
    read_legal_base(loader, yaml_get(root, "legal_base"));
    plan_read_holidays(loader, yaml_get(root, "holidays"));
    regimes = yaml_require(yaml, root, "regimes");
    read_regimes(loader, regimes);
    if (regimes != NULL) {
        plan_check_due(loader, regimes);
    }
    read_source_faults(loader, yaml_get(root, "source_faults"));
}
