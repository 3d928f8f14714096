/* When reports are due, and which days are no working days. */
#include "common/plan/plan_loader.h"

#include "common/base/text.h"

#include <stdlib.h>

#define DAYS_AFTER_MAX   366u
#define WORKING_DAYS_MAX 30u

static const char *const kinds[] = {"month", "quarter", "half_year", "year",
                                    NULL};

/* before: [03-15, ...], by: [...] or days_after: N */
static void read_due(struct plan_loader *loader, const struct yaml_node *node,
                     uint32_t periods, struct period_due *due)
{
    static const char *const known[] = {"before", "by", "days_after", NULL};
    const struct yaml_node *before = yaml_get(node, "before");
    const struct yaml_node *after = yaml_get(node, "days_after");
    const struct yaml_node *list =
        before != NULL ? before : yaml_get(node, "by");
    uint64_t days = 0;

    if (!yaml_keys(loader->yaml, node, known)) {
        return;
    }
    due->given = true;
    due->before = before != NULL;
    if (node->count != 1) {
        yaml_error(loader->yaml, node,
                   "cần đúng một trong before, by, days_after",
                   "exactly one of before, by and days_after is wanted");
    } else if (after != NULL) {
        (void)yaml_integer(loader->yaml, after, 0, DAYS_AFTER_MAX, &days);
        due->days_after = (uint32_t)days;
    } else if (yaml_list(loader->yaml, list)) {
        if (list->count != periods || periods > PERIOD_CUTS_MAX) {
            yaml_error(loader->yaml, list, "cần %u ngày, mỗi kỳ một ngày",
                       "%u days are wanted, one for each period", periods);
            return;
        }
        for (const struct yaml_node *item = list->first; item != NULL;
             item = item->next) {
            (void)plan_read_cut(loader, item, &due->days[due->count++]);
        }
    }
}

void plan_read_due(struct plan_loader *loader, const struct yaml_node *node,
                   struct period_regime *regime)
{
    const struct yaml_node *due = yaml_get(node, "due");
    uint64_t days = regime->working_days;

    (void)yaml_integer(loader->yaml, yaml_get(node, "working_days"), 0,
                       WORKING_DAYS_MAX, &days);
    regime->working_days = (uint32_t)days;
    if (due == NULL || !yaml_keys(loader->yaml, due, kinds)) {
        return;
    }
    for (uint32_t i = 0; kinds[i] != NULL; i++) {
        enum period_kind kind = (enum period_kind)(PERIOD_MONTH + i);
        const struct yaml_node *of_kind = yaml_get(due, kinds[i]);

        if (of_kind != NULL && period_count(regime, kind) == 0) {
            yaml_error(loader->yaml, of_kind, "chế độ này không có kỳ \"%s\"",
                       "this regime has no period \"%s\"", kinds[i]);
        } else if (of_kind != NULL) {
            read_due(loader, of_kind, period_count(regime, kind),
                     &regime->due[kind]);
        }
    }
}

static int compare_days(const void *left, const void *right)
{
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;

    return (a > b) - (a < b);
}

void plan_read_holidays(struct plan_loader *loader,
                        const struct yaml_node *node)
{
    struct plan *plan = loader->plan;
    int32_t *days;
    uint32_t count = 0;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_HOLIDAYS_MAX) {
        yaml_error(loader->yaml, node, "quá %u ngày nghỉ",
                   "more than %u holidays", PLAN_HOLIDAYS_MAX);
        return;
    }
    days = plan_give(loader, node->count, sizeof *days);
    for (const struct yaml_node *item = node->first;
         days != NULL && item != NULL; item = item->next) {
        if (yaml_date(loader->yaml, item, &days[count])) {
            count++;
        }
    }
    if (count > 0) {
        qsort(days, count, sizeof *days, compare_days);
    }
    plan->holidays = (struct period_holidays){.days = days, .count = count};
}

/* The first period of the kind in the plan that leaves too little time. */
static bool find_short(const struct plan *plan,
                       const struct period_regime *regime,
                       enum period_kind kind, struct period *found,
                       int32_t *last)
{
    int32_t day = plan->from;

    while (day <= plan->to && period_of_day(regime, kind, day, found)) {
        if (found->to <= plan->to &&
            period_deadline(regime, found, &plan->holidays, last) &&
            period_working_days(&plan->holidays, found->to, *last) <
                regime->working_days) {
            return true;
        }
        day = found->to + 1;
    }
    return false;
}

void plan_check_due(const struct plan_loader *loader,
                    const struct yaml_node *regimes)
{
    const struct yaml_node *node = regimes->first;

    /* What could not be read has no days. */
    if (yaml_report(loader->yaml)->errors > 0) {
        return;
    }
    for (uint32_t i = 0; i < loader->plan->regime_count && node != NULL;
         i++, node = node->next) {
        const struct period_regime *regime = &loader->plan->regimes[i];

        for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR;
             kind++) {
            struct period period;
            char closed[TEXT_DATE_MAX], due[TEXT_DATE_MAX];
            int32_t last;

            if (!find_short(loader->plan, regime, kind, &period, &last)) {
                continue;
            }
            text_format_date_iso(period.to, closed);
            text_format_date_iso(last, due);
            yaml_warn(loader->yaml, node,
                      "kỳ chốt ngày %s phải gửi chậm nhất ngày %s: không đủ %u "
                      "ngày làm việc ở giữa",
                      "the period that closes on %s is to be sent by %s: less "
                      "than %u working days lie between",
                      closed, due, regime->working_days);
        }
    }
}
