/* plan_loader - what the parts of plan_load() share.
 *
 * Flow     plan_load.c -> head, form, settings, register, formula, target
 *          -> plan
 * Owns     nothing beyond the call of plan_load(); nobody else includes this.
 *
 * Each function reads one node of the tree, notes its mistakes at their place
 * and goes on. What it could not read stays zero: a plan with a mistake is
 * never given out.
 */
#ifndef TALLYLINE_COMMON_PLAN_LOADER_H
#define TALLYLINE_COMMON_PLAN_LOADER_H

#include "common/base/arena.h"
#include "common/base/nearest.h"
#include "common/base/yaml.h"
#include "common/plan/plan.h"

#define PLAN_ID_MAX 63u /* bytes of an id */

struct plan_loader {
    struct yaml *yaml;
    const struct units *units;
    const struct vocabulary *vocabulary;
    struct plan *plan;
    struct arena *arena;
    /* The plan's arrays while they grow; `plan` counts them. */
    struct plan_measure *measures;
    struct plan_indicator *indicators;
    struct plan_target *targets;
    struct plan_list *lists;
    struct plan_register_row *rows;
    /* A field and one value of it that every filter being read asks for, too;
     * NULL: none. */
    const struct yaml_node *per;
    bool persons;           /* the formula being read counts persons */
    uint32_t settings_used; /* by it, a bit each */
    bool out_of_memory;     /* sticky: an arena answered NULL */
};

/* plan_read.c */

/* Zeroed memory of the plan; NULL sets out_of_memory. */
void *plan_give(struct plan_loader *loader, size_t count, size_t size);
/* Snake-case id of at most PLAN_ID_MAX bytes; with `loose` capitals, dots and
 * hyphens too. False after a mistake. */
bool plan_read_id(struct plan_loader *loader, const struct yaml_node *node,
                  bool loose, const char **id);
/* A unit that is in force on a day of the plan. */
bool plan_read_unit(struct plan_loader *loader, const struct yaml_node *node,
                    uint32_t *key);
/* One of the enumeration's tokens, the province's included. */
bool plan_read_value(struct plan_loader *loader, const struct yaml_node *node,
                     const struct catalogue_enumeration *enumeration,
                     uint32_t *value);
bool plan_read_level(struct plan_loader *loader, const struct yaml_node *node,
                     enum unit_level *level);
bool plan_read_reference(struct plan_loader *loader,
                         const struct yaml_node *node, uint32_t kind,
                         uint64_t *reference);
/* An event type by name. */
const struct catalogue_type *plan_read_type(struct plan_loader *loader,
                                            const struct yaml_node *node);
/* A field of the type by name; `number` as in event.h. */
const struct catalogue_field *plan_read_field(struct plan_loader *loader,
                                              const struct catalogue_type *type,
                                              const struct yaml_node *node,
                                              uint32_t *number);
/* One value of a field as events hold it: token, number, day, yes or no, unit
 * or reference. */
bool plan_read_field_value(struct plan_loader *loader,
                           const struct catalogue_field *field,
                           const struct yaml_node *node, uint64_t *value);
/* Position of a list by its id. */
bool plan_read_list_id(struct plan_loader *loader, const struct yaml_node *node,
                       uint32_t *position);

/* Position of an indicator that stands above, by its id. */
bool plan_read_indicator_id(struct plan_loader *loader,
                            const struct yaml_node *node, uint32_t *position);

/* plan_head.c */

void plan_read_head(struct plan_loader *loader, const struct yaml_node *root);

/* The last day of a period of the year, "03-14". */
bool plan_read_cut(struct plan_loader *loader, const struct yaml_node *node,
                   struct period_cut *cut);

/* plan_due.c */

/* `due` and `working_days` of a regime whose periods are known. */
void plan_read_due(struct plan_loader *loader, const struct yaml_node *node,
                   struct period_regime *regime);
void plan_read_holidays(struct plan_loader *loader,
                        const struct yaml_node *node);
/* Warns of days that leave less than the regime's working days. */
void plan_check_due(const struct plan_loader *loader,
                    const struct yaml_node *regimes);

/* plan_setting.c */

void plan_read_settings(struct plan_loader *loader,
                        const struct yaml_node *node);
/* Position of a setting, and of one of its options, by its id. */
bool plan_read_setting_id(struct plan_loader *loader,
                          const struct yaml_node *node, uint32_t *position);
bool plan_read_option_id(struct plan_loader *loader,
                         const struct plan_setting *setting,
                         const struct yaml_node *node, uint32_t *position);

/* plan_form.c */

void plan_read_form(struct plan_loader *loader, const struct yaml_node *node);

/* plan_register.c */

void plan_read_register(struct plan_loader *loader,
                        const struct yaml_node *node);
void plan_read_lists(struct plan_loader *loader, const struct yaml_node *node);

/* plan_where.c */

/* Reads {field: test, ...} into `conditions`, sorted by field. */
void plan_read_where(struct plan_loader *loader,
                     const struct catalogue_type *type,
                     const struct yaml_node *node,
                     struct plan_condition conditions[], uint32_t max,
                     uint32_t *count);

/* One more condition, of a mapping's key. */
void plan_read_condition(struct plan_loader *loader,
                         const struct catalogue_type *type,
                         const struct yaml_node *key,
                         struct plan_condition conditions[], uint32_t max,
                         uint32_t *count);

/* plan_formula.c */

/* NULL after a mistake. */
const struct plan_formula *plan_read_formula(struct plan_loader *loader,
                                             const struct yaml_node *node,
                                             uint32_t depth);

/* plan_measure.c: what a formula needs of the events becomes a measure, and
 * equal measures become one. Each reads one operation into `formula`; false
 * after a mistake. */

enum plan_operation_key {
    PLAN_KEY_COUNT,
    PLAN_KEY_SUM,
    PLAN_KEY_DISTINCT,
    PLAN_KEY_FIRST,
    PLAN_KEY_REACHED,
    PLAN_KEY_NEVER,
    PLAN_KEY_STATUS,
    PLAN_KEY_VALID,
    PLAN_KEY_DUE,
    PLAN_KEY_IN_TIME,
    PLAN_KEY_LATEST,
    PLAN_KEY_UNITS,
    PLAN_KEY_COVERAGE,
    PLAN_KEY_IN_FORCE,
    PLAN_KEY_LIST,
    PLAN_KEY_ALL_OF,
    PLAN_KEY_BOTH,
    PLAN_KEY_EITHER,
    PLAN_KEY_WITHOUT,
    PLAN_KEY_PERIODS,
    PLAN_KEY_ON_TIME,
    PLAN_KEY_CHOOSE,
    PLAN_KEY_BASELINE,
    PLAN_KEY_CHANGE,
    PLAN_KEY_CONSTANT,
    PLAN_KEY_ADD,
    PLAN_KEY_SUBTRACT,
    PLAN_KEY_RATIO,
    PLAN_KEY_INDICATOR,
    PLAN_KEY_END
};

/* What is read of one node, shared by the functions below. */
struct plan_reading {
    struct plan_loader *loader;
    const struct yaml_node *node;
    const struct yaml_node *subject; /* the value of the operation's key */
    enum plan_operation_key key;
    struct plan_formula *formula;
    uint32_t depth;
};

/* Type and filter of what is counted; NULL after a mistake. */
const struct catalogue_type *plan_read_of(const struct plan_reading *reading,
                                          struct plan_measure *measure);
/* The field whose numbers are added. */
const struct catalogue_field *plan_read_summed(
    const struct plan_reading *reading, const struct catalogue_type *type,
    const struct plan_measure *measure, uint32_t *number);
/* A list of things in `where` is asked of the thing and not of the event, where
 * rows by the thing can be kept: what is said to be the same as a member, on
 * whatever day, is in the list too. Call it once the measure is read. */
void plan_ask_things(const struct plan_reading *reading,
                     const struct catalogue_type *type,
                     struct plan_measure *measure);
/* What tells the things apart: a reference alone, or the unit, perhaps with
 * other values. */
bool plan_read_keys(const struct plan_reading *reading,
                    const struct catalogue_type *type,
                    const struct yaml_node *node, struct plan_measure *measure);
/* `in_list`, `not_in_list`: a list of that kind of reference; 0: of units. */
bool plan_read_in_list(const struct plan_reading *reading, uint32_t kind);
/* Events of other programmes are not the plan's, unless the filter says
 * which. */
void plan_add_programme(const struct plan_loader *loader,
                        struct plan_measure *measure);
/* Only events that give the field, unless the filter asks for more. */
void plan_add_present(const struct catalogue_field *field, uint32_t number,
                      struct plan_measure *measure);
/* Gives the formula its measure: an equal one, or this one anew. */
bool plan_use_measure(const struct plan_reading *reading,
                      const struct plan_measure *measure);
/* count, sum */
bool plan_read_sum(const struct plan_reading *reading);
bool plan_read_units(const struct plan_reading *reading);

/* plan_rows.c */

/* distinct, first, reached, never, status, valid, due, in_time */
bool plan_read_rows(const struct plan_reading *reading);
bool plan_read_latest(const struct plan_reading *reading);

/* plan_baseline.c */

void plan_read_baselines(struct plan_loader *loader,
                         const struct yaml_node *node);
bool plan_read_baseline(const struct plan_reading *reading);
bool plan_read_change(const struct plan_reading *reading);

/* plan_period.c */

/* `every`, `at_least` and `regime` of a count. */
bool plan_read_every(const struct plan_reading *reading);
bool plan_read_periods(const struct plan_reading *reading);
bool plan_read_on_time(const struct plan_reading *reading);

/* plan_set.c */

/* What tells the members of a set apart, field by field: of sets of the same
 * kind the members can be compared. */
struct plan_set_kind {
    uint64_t fields[PLAN_KEY_FIELDS_MAX];
    uint32_t count;
};
struct plan_set_kind plan_key_kind(uint32_t type, const uint32_t fields[],
                                   uint32_t count);
bool plan_set_kind_equal(const struct plan_set_kind *a,
                         const struct plan_set_kind *b);
/* The kind of a set formula. */
struct plan_set_kind plan_set_kind(const struct plan_loader *loader,
                                   const struct plan_formula *formula);
/* both, either, without */
bool plan_read_combination(const struct plan_reading *reading);
/* Whether the set's members are references of the kind (0: units). */
bool plan_set_is_of(const struct plan_loader *loader,
                    const struct plan_formula *formula, uint32_t kind);
/* A list of `min` to `max` formulas into the formula's operands. */
bool plan_read_operands(const struct plan_reading *reading, uint32_t min,
                        uint32_t max);

/* plan_goal.c */

/* What is read of one target, or of one version of it. */
struct plan_target_reading {
    struct plan_loader *loader;
    const struct yaml_node *node;
    const struct yaml_node *value;          /* of the comparator's key */
    const struct plan_indicator *indicator; /* NULL when it is unknown */
    struct plan_target *target;
};

/* The comparison, and how much. */
void plan_read_goal(struct plan_target_reading *reading);
/* "80%", "66,5 %": hundredths of a per cent. */
bool plan_read_percent(struct plan_loader *loader, const struct yaml_node *node,
                       uint32_t *percent_e2);

/* plan_path.c */

void plan_read_path(struct plan_target_reading *reading,
                    const struct yaml_node *node);

/* plan_never.c */

/* Whether there are units of the level while the plan runs. */
bool plan_has_level(const struct plan_loader *loader, enum unit_level level);
/* Whether the formula gives nothing, whatever happens. */
bool plan_never(const struct plan_loader *loader,
                const struct plan_formula *formula);

/* plan_names.c */

/* The units that a label {vi: ...} names by type and name are, or hold, or lie
 * in, one of these at least. */
void plan_check_names(struct plan_loader *loader, const struct yaml_node *node,
                      const uint32_t keys[], size_t count);

/* plan_target.c */

void plan_read_targets(struct plan_loader *loader,
                       const struct yaml_node *node);

#endif
