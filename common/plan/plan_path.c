/* The expected path of a target: what must be there by which day, in the order
 * of the days. */
#include "common/plan/plan_loader.h"

static bool read_point(struct plan_target_reading *reading,
                       const struct yaml_node *node, struct plan_point *point)
{
    static const char *const known[] = {"by", "quantity", "percent", NULL};
    struct plan_loader *loader = reading->loader;
    const struct plan_target *target = reading->target;
    const struct yaml_node *by;

    if (!yaml_keys(loader->yaml, node, known)) {
        return false;
    }
    by = yaml_require(loader->yaml, node, "by");
    if (!yaml_date(loader->yaml, by, &point->by)) {
        return false;
    }
    if (point->by < target->from || point->by > target->to) {
        yaml_error(loader->yaml, by, "mốc nằm ngoài thời gian của chỉ tiêu",
                   "the day lies outside the window of the target");
    }
    point->has_quantity = yaml_integer(loader->yaml, yaml_get(node, "quantity"),
                                       0, INT64_MAX, &point->quantity);
    point->has_percent = plan_read_percent(loader, yaml_get(node, "percent"),
                                           &point->percent_e2);
    if (yaml_get(node, "quantity") == NULL &&
        yaml_get(node, "percent") == NULL) {
        yaml_error(loader->yaml, node, "thiếu quantity hoặc percent",
                   "quantity or percent is missing");
    }
    return true;
}

/* A point is of the kind that the goal is, not below one before it and not
 * above the goal. */
static void check_height(const struct plan_target_reading *reading,
                         const struct yaml_node *node,
                         const struct plan_point *points,
                         const struct plan_point *point)
{
    struct yaml *yaml = reading->loader->yaml;
    const struct plan_target *target = reading->target;
    bool falls = false;

    if (point->has_percent && !target->has_percent) {
        yaml_error(yaml, yaml_get(node, "percent"),
                   "chỉ tiêu này là số lượng: mốc cần quantity, không phải "
                   "percent",
                   "the target is a quantity: its points are, too, and not per "
                   "cent");
    }
    if (point->has_quantity && target->has_percent && !target->has_quantity &&
        target->quantity_formula == NULL) {
        yaml_error(
            yaml, yaml_get(node, "quantity"),
            "chỉ tiêu này là tỷ lệ: mốc cần percent, không phải quantity",
            "the target is a percentage: its points are, too, and no "
            "quantities");
    }
    for (const struct plan_point *before = points; before < point; before++) {
        falls = falls ||
                (before->has_quantity && point->has_quantity &&
                 point->quantity < before->quantity) ||
                (before->has_percent && point->has_percent &&
                 point->percent_e2 < before->percent_e2);
    }
    if (falls) {
        yaml_error(yaml, node, "các mốc không được giảm",
                   "the points must not fall");
    }
    if ((point->has_quantity && target->has_quantity &&
         point->quantity > target->quantity) ||
        (point->has_percent && target->has_percent &&
         point->percent_e2 > target->percent_e2)) {
        yaml_warn(yaml, node, "mốc này cao hơn cả chỉ tiêu",
                  "the point is above the goal");
    }
}

static bool grows(const struct plan_target *target)
{
    return target->comparator == PLAN_AT_LEAST ||
           target->comparator == PLAN_MORE_THAN ||
           target->comparator == PLAN_EXACTLY ||
           target->comparator == PLAN_ALL_NAMED;
}

void plan_read_path(struct plan_target_reading *reading,
                    const struct yaml_node *node)
{
    struct plan_loader *loader = reading->loader;
    struct plan_target *target = reading->target;
    struct plan_point *points;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (!grows(target)) {
        yaml_error(loader->yaml, node,
                   "chỉ chỉ tiêu tăng dần (at_least, ...) mới có lộ trình",
                   "only a target that grows (at_least, ...) has a path");
        return;
    }
    if (node->count == 0 || node->count > PLAN_PATH_MAX) {
        yaml_error(loader->yaml, node, "lộ trình có từ 1 đến %u mốc",
                   "a path has 1 to %u points", PLAN_PATH_MAX);
        return;
    }
    points = plan_give(loader, node->count, sizeof points[0]);
    target->path = points;
    for (node = node->first; node != NULL && points != NULL;
         node = node->next) {
        struct plan_point *point = &points[target->path_count];

        if (!read_point(reading, node, point)) {
            continue;
        }
        if (target->path_count > 0 && point->by <= point[-1].by) {
            yaml_error(loader->yaml, node, "các mốc phải theo thứ tự ngày",
                       "the points must be in the order of the days");
        }
        check_height(reading, node, points, point);
        target->path_count++;
    }
}
