/* context_state - the inside of a context, for context*.c alone.
 *
 * Flow     context.c -> context_plans.c, context_files.c (units, vocabulary)
 *                    -> context_agents.c (enrolments, keys, epochs)
 *                    -> context_succeeds.c (offices handed over)
 *                    -> context_freeze.c (frozen reports)
 * Owns     see context.h.
 */
#ifndef TALLYLINE_COMMON_CONTEXT_STATE_H
#define TALLYLINE_COMMON_CONTEXT_STATE_H

#include "common/base/id_map.h"
#include "common/fold/context.h"
#include "common/fold/context_keys.h"

struct context_key_change {
    uint64_t index; /* of the entry from which the keys hold */
    struct public_key sign_key;
};

struct context_member { /* an agent with what it points to */
    struct context_agent agent;
    char name[CONTROL_NAME_MAX];
    struct control_scope *scopes;
    struct control_succession succeeds[CONTROL_SUCCEEDS_MAX];
    struct context_epoch *epochs; /* room for CONTEXT_EPOCHS_MAX once joined */
    struct context_key_change keys[CONTEXT_KEYS_MAX];
    uint32_t key_count;
};

struct context_origin { /* of what is in force */
    char id[CONTROL_NAME_MAX];
    uint32_t revision;
    uint64_t index;
};

struct context {
    bool begun;
    struct control_genesis genesis;
    struct province_keys keys; /* the province's own */
    struct plan *owned_plans[CONTEXT_PLANS_MAX];
    struct context_plan plans[CONTEXT_PLANS_MAX];
    uint32_t plan_count;
    struct units *units;
    struct vocabulary *vocabulary;
    struct context_freeze *freezes;
    size_t freeze_count, freeze_room;
    uint64_t breaks[CONTEXT_BREAKS_MAX]; /* indexes */
    size_t break_count;
    uint64_t epochs_ended;
    bool backed_up;
    struct context_backup backup; /* the last one */
    struct context_origin units_origin, vocabulary_origin;
    struct context_member **members;
    size_t member_count, member_room;
    bool has_closed;              /* one of them was closed */
    struct id_map by_number;      /* agent number -> position */
    struct context_keys by_id;    /* agent and epoch ids, with zeros behind */
    struct context_keys by_curve; /* curve keys, old ones too */
    struct context_keys by_join;  /* join keys, used ones too */
    struct context_keys by_sign;
};

/* Each applies one document, or says in the report what contradicts it and
 * answers STATUS_INVALID with nothing changed. */
MUST_USE enum status context_apply_plan(struct context *context, uint64_t index,
                                        const struct control_file_set *files,
                                        struct report *report);
MUST_USE enum status context_apply_units(struct context *context,
                                         uint64_t index,
                                         const struct control_file_set *files,
                                         struct report *report);
MUST_USE enum status context_apply_vocabulary(
    struct context *context, uint64_t index,
    const struct control_file_set *files, struct report *report);
MUST_USE enum status context_apply_enrolment(
    struct context *context, const struct control_enrolment *enrolment,
    struct report *report, unsigned *change);
MUST_USE enum status context_apply_joined(struct context *context,
                                          uint64_t index,
                                          const struct control *control,
                                          struct report *report);
MUST_USE enum status context_apply_key_change(struct context *context,
                                              uint64_t index,
                                              const struct control *control,
                                              struct report *report);
MUST_USE enum status context_apply_epoch(struct context *context,
                                         uint64_t index,
                                         const struct control_epoch *epoch,
                                         struct report *report);
MUST_USE enum status context_apply_revocation(
    struct context *context, const struct control_revocation *revocation,
    struct report *report);
MUST_USE enum status context_apply_freeze(struct context *context,
                                          uint64_t index,
                                          const struct control_freeze *freeze,
                                          struct report *report);
/* False, with a line in the report, when the set holds no file. */
bool context_has_files(const struct control_file_set *files,
                       struct report *report);
void context_plans_fini(struct context *context);
void context_agents_fini(struct context *context);

/* --- context_succeeds.c --- */
/* Whether those agents are known and none of them carries on this one. */
MUST_USE enum status context_check_succeeds(
    const struct context *context, const struct control_enrolment *enrolment,
    struct report *report);
/* Takes over what was checked. Whether figures may change by it. */
bool context_take_succeeds(struct context *context,
                           struct context_member *member,
                           const struct control_enrolment *enrolment);

#endif
