#include "agent/api/lineage.h"

/* ---- what was given ---- */

static void tell_value(struct telling *telling, const char *key,
                       const char *list, uint32_t value)
{
    const struct context *context = telling->order->means->office->context;
    const struct catalogue_value *found = vocabulary_value(
        context_vocabulary(context), catalogue_enumeration(list), value);

    if (found != NULL) {
        tell_word(telling, key, found->label);
    } else {
        say_null(&telling->say, key);
    }
}

void lineage_tell_given(struct telling *telling, const struct event *event)
{
    tell_value(telling, "role", "Role", event->role);
    tell_value(telling, "correction_reason", "CorrectionReason", event->reason);
}

/* ---- how it stands ---- */

static const struct version *find(const struct versions *all, uint64_t id)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->at[i].id == id) {
            return &all->at[i];
        }
    }
    return NULL;
}

static const char *standing_of(const struct versions *all,
                               const struct version *version)
{
    if (version == NULL || version->state == SPOOL_MOVED) {
        return NULL;
    }
    if (version->voids) {
        return all->head == version->id ? "void" : "outdone";
    }
    if (all->voided) {
        return "voided";
    }
    return all->head == version->id ? "stands" : "replaced";
}

static void tell_ended(struct telling *telling, const struct version *by)
{
    struct say *say = &telling->say;

    say_object(say, "ended");
    tell_id(say, "id", by->id);
    say_bool(say, "voids", by->voids);
    say_moment(say, "recorded_at", by->event.recorded_at);
    lineage_tell_given(telling, &by->event);
    tell_state(telling, by->state);
    say_object_end(say);
}

void lineage_tell(struct telling *telling, const struct versions *all,
                  uint64_t id)
{
    const struct version *version = find(all, id);
    const struct version *head = find(all, all->head);
    const char *standing = standing_of(all, version);

    say_text(&telling->say, "standing", standing);
    if (standing != NULL && head != NULL && head->here && head != version) {
        tell_ended(telling, head);
    } else {
        say_null(&telling->say, "ended");
    }
}

void lineage_tell_alone(struct telling *telling, enum spool_state state)
{
    say_text(&telling->say, "standing", state == SPOOL_MOVED ? NULL : "stands");
    say_null(&telling->say, "ended");
}
