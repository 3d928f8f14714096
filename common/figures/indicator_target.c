/* Judging a figure against a target, in whole numbers only. A target that
 * grows is expected to grow evenly over its window; one that must not be
 * passed can only be missed before its time is over, never met. */
#include "common/figures/indicator.h"

#include "common/base/check.h"

__extension__ typedef __int128 wide;

#define PERCENT_WHOLE 10000 /* hundredths of a per cent in the whole */

/* Days of the window that are over, `today` included, and all of them. */
struct path {
    int64_t elapsed, total;
};

static struct path path_of(const struct plan_target *target, int32_t today)
{
    struct path path = {
        .elapsed = (int64_t)today - target->from + 1,
        .total = (int64_t)target->to - target->from + 1,
    };

    if (path.total < 1) {
        path.total = 1;
    }
    if (path.elapsed < 0) {
        path.elapsed = 0;
    }
    if (path.elapsed > path.total) {
        path.elapsed = path.total;
    }
    return path;
}

/* Whether the figure has reached `elapsed` of `total` parts of its goal. */
static bool has_reached(const struct plan_target *target,
                        const struct figure *figure, uint64_t quantity,
                        struct path path)
{
    if (quantity > 0 &&
        (wide)figure->value * path.total < (wide)quantity * path.elapsed) {
        return false;
    }
    if (target->comparator == PLAN_MORE_THAN && quantity > 0 &&
        path.elapsed == path.total && figure->value <= (int64_t)quantity) {
        return false;
    }
    return !target->has_percent || !figure->ratio ||
           (wide)figure->value * PERCENT_WHOLE * path.total >=
               (wide)target->percent_e2 * figure->denominator * path.elapsed;
}

/* Whether the figure is where the last point of the target's own path that is
 * over wants it; true before the first. */
static bool is_on_path(const struct plan_target *target,
                       const struct figure *figure, int32_t today)
{
    const struct plan_point *point = NULL;

    for (uint32_t i = 0; i < target->path_count && target->path[i].by < today;
         i++) {
        point = &target->path[i];
    }
    if (point == NULL) {
        return true;
    }
    if (point->has_quantity && (wide)figure->value < (wide)point->quantity) {
        return false;
    }
    return !point->has_percent || !figure->ratio ||
           (wide)figure->value * PERCENT_WHOLE >=
               (wide)point->percent_e2 * figure->denominator;
}

bool target_grows(const struct plan_target *target)
{
    return target->comparator == PLAN_AT_LEAST ||
           target->comparator == PLAN_MORE_THAN ||
           target->comparator == PLAN_EXACTLY ||
           target->comparator == PLAN_ALL_NAMED ||
           target->comparator == PLAN_BETWEEN;
}

/* The least that reaches so many parts of the whole. */
static uint64_t part_of(uint64_t whole, struct path path)
{
    return (uint64_t)(((wide)whole * path.elapsed + path.total - 1) /
                      path.total);
}

/* The last of the plan's own points that is over. */
static void own_path(const struct plan_target *target, int32_t day,
                     uint64_t quantity, struct target_path *path)
{
    for (uint32_t i = 0; i < target->path_count && target->path[i].by < day;
         i++) {
        const struct plan_point *point = &target->path[i];

        path->quantity = point->has_quantity ? point->quantity : 0;
        path->percent_e2 = point->has_percent ? point->percent_e2 : 0;
    }
    if (path->has_quantity) {
        path->share_e2 =
            (uint32_t)((wide)path->quantity * PERCENT_WHOLE / quantity);
    } else {
        path->share_e2 = (uint32_t)((wide)path->percent_e2 * PERCENT_WHOLE /
                                    target->percent_e2);
    }
}

bool target_path_on(const struct plan_target *target, int32_t day,
                    uint64_t quantity, struct target_path *path)
{
    struct path even = path_of(target, day);

    *path = (struct target_path){.has_quantity = quantity > 0,
                                 .has_percent = target->has_percent &&
                                                target->percent_e2 > 0};
    if (!target_grows(target) || (!path->has_quantity && !path->has_percent)) {
        return false;
    }
    if (target->path_count > 0) {
        own_path(target, day, quantity, path);
        return true;
    }
    path->quantity = part_of(quantity, even);
    path->percent_e2 =
        path->has_percent ? (uint32_t)part_of(target->percent_e2, even) : 0;
    path->share_e2 = (uint32_t)(PERCENT_WHOLE * even.elapsed / even.total);
    return true;
}

static bool is_above(const struct plan_target *target,
                     const struct figure *figure, uint64_t limit)
{
    if (target->has_percent && figure->ratio) {
        return (wide)figure->value * PERCENT_WHOLE >
               (wide)target->percent_e2 * figure->denominator;
    }
    return figure->value > 0 && (uint64_t)figure->value > limit;
}

static enum target_status judge_growing(const struct plan_target *target,
                                        const struct figure *figure,
                                        int32_t today, uint64_t quantity)
{
    static const struct path whole = {.elapsed = 1, .total = 1};

    if (has_reached(target, figure, quantity, whole)) {
        return TARGET_MET;
    }
    if (today > target->due) {
        return TARGET_MISSED;
    }
    if (target->path_count > 0
            ? is_on_path(target, figure, today)
            : has_reached(target, figure, quantity, path_of(target, today))) {
        return TARGET_ON_TRACK;
    }
    return TARGET_BEHIND;
}

/* Of `value` more (or less) than before, `denominator` is what there was. */
static enum target_status judge_change(const struct plan_target *target,
                                       const struct figure *figure,
                                       int32_t today, uint64_t quantity)
{
    wide change = target->comparator == PLAN_DECREASE ? -(wide)figure->value
                                                      : (wide)figure->value;
    bool holds = change >= (wide)quantity;

    if (target->has_percent && figure->ratio) {
        holds = (target->quantity == 0 || holds) &&
                change * PERCENT_WHOLE >=
                    (wide)target->percent_e2 * figure->denominator;
    }
    /* A year that is not over cannot be held against a whole one. */
    if (today <= target->due) {
        return TARGET_MONITOR;
    }
    return holds ? TARGET_MET : TARGET_MISSED;
}

static enum target_status judge_limit(const struct plan_target *target,
                                      const struct figure *figure,
                                      int32_t today, uint64_t limit)
{
    if (is_above(target, figure, limit)) {
        return TARGET_MISSED;
    }
    return today > target->due ? TARGET_MET : TARGET_ON_TRACK;
}

enum target_status target_judge(const struct plan_target *target,
                                const struct figure *figure, int32_t today,
                                uint64_t quantity)
{
    bool has_goal = quantity > 0 || (target->has_percent && figure->ratio);

    if (!figure->known) {
        return TARGET_NOT_COMPUTED;
    }
    if (target->replaced_on != 0 && today >= target->replaced_on) {
        return TARGET_REPLACED;
    }
    if (target->effective != 0 && today < target->effective) {
        return TARGET_LATER;
    }
    if (!figure->defined) {
        return TARGET_NOTHING;
    }
    switch (target->comparator) {
    case PLAN_MONITOR:
        return TARGET_MONITOR;
    case PLAN_AT_LEAST:
    case PLAN_MORE_THAN:
    case PLAN_EXACTLY:
    case PLAN_ALL_NAMED:
        return has_goal ? judge_growing(target, figure, today, quantity)
                        : TARGET_MONITOR;
    case PLAN_AT_MOST:
        return judge_limit(target, figure, today, quantity);
    case PLAN_NONE:
        return judge_limit(target, figure, today, 0);
    case PLAN_BETWEEN:
        if (is_above(target, figure, target->quantity_to)) {
            return TARGET_MISSED;
        }
        if (figure->value >= (int64_t)quantity) {
            return today > target->due ? TARGET_MET : TARGET_ON_TRACK;
        }
        return judge_growing(target, figure, today, quantity);
    case PLAN_INCREASE:
    case PLAN_DECREASE:
        return judge_change(target, figure, today, quantity);
    }
    check(false && "a target has one of the comparators above");
    return TARGET_NOT_COMPUTED;
}

static const char *const status_tokens[] = {
    [TARGET_NOT_COMPUTED] = "not_computed",
    [TARGET_MONITOR] = "monitor",
    [TARGET_NOTHING] = "nothing",
    [TARGET_REPLACED] = "replaced",
    [TARGET_LATER] = "later",
    [TARGET_MET] = "met",
    [TARGET_ON_TRACK] = "on_track",
    [TARGET_BEHIND] = "behind",
    [TARGET_MISSED] = "missed",
};

static const struct language_text status_texts[] = {
    [TARGET_NOT_COMPUTED] = {"chưa tính được", "not computed"},
    [TARGET_MONITOR] = {"theo dõi", "monitored"},
    [TARGET_NOTHING] = {"không phát sinh", "nothing occurred"},
    [TARGET_REPLACED] = {"đã điều chỉnh", "adjusted since"},
    [TARGET_LATER] = {"chưa áp dụng", "not yet in effect"},
    [TARGET_MET] = {"đạt", "met"},
    [TARGET_ON_TRACK] = {"đúng tiến độ", "on track"},
    [TARGET_BEHIND] = {"chậm tiến độ", "behind"},
    [TARGET_MISSED] = {"không đạt", "missed"},
};

const char *target_status_token(enum target_status status)
{
    check((unsigned)status <= TARGET_MISSED);
    return status_tokens[status];
}

const char *target_status_text(enum target_status status,
                               enum language language)
{
    check((unsigned)status <= TARGET_MISSED);
    return language_pick(status_texts[status], language);
}

const char *figure_nothing_text(const struct figure *figure,
                                enum language language)
{
    static const struct language_text unreported = {"chưa có số liệu",
                                                    "no figures yet"};

    return figure->unreported ? language_pick(unreported, language)
                              : target_status_text(TARGET_NOTHING, language);
}
