/* One event with what proves it, its chain of corrections and the figures that
 * it goes into: two look-ups and one batch, and as much again for each version.
 * For auditors alone. */
#include "collector/api/view_offices.h"

#include <stdlib.h>

#include "collector/audit/evidence.h"
#include "collector/figures/batch_cache.h"
#include "common/base/words.h"
#include "common/event/reference.h"
#include "common/event/validate.h"
#include "common/figures/indicator_uses.h"

#define VERSIONS_MAX 256u

struct looking {
    struct scene *scene;
    struct ledger_snapshot *snapshot;
    struct batch_cache *cache;
    uint64_t id;
};

static enum status read_event(struct looking *self, uint64_t id,
                              struct entry *entry, struct event *event)
{
    const struct batch_view *view = NULL;
    enum status status = ledger_find_event(
        self->snapshot, id60_agent(id), id60_epoch(id), id60_number(id), entry);

    if (status == STATUS_OK) {
        status = batch_cache_get(self->cache, self->snapshot, entry, &view);
    }
    if (status == STATUS_OK) {
        batch_view_event(view, (uint32_t)(id60_number(id) - entry->first_seq),
                         event);
    }
    return status;
}

static void tell_id(struct say *say, const char *key, uint64_t id)
{
    char text[EVENT_ID_TEXT_MAX];

    if (id == 0) {
        say_null(say, key);
        return;
    }
    event_id_format(id, text);
    say_text(say, key, text);
}

static void tell_type(struct say *say, const struct event *event)
{
    const struct catalogue_type *type =
        event == NULL || event->fault != EVENT_FAULT_NONE
            ? NULL
            : catalogue_type(event->type);

    if (type == NULL) {
        say_null(say, "type");
        return;
    }
    say_object(say, "type");
    say_text(say, "name", type->name);
    say_labels(say, "label", type->label);
    say_object_end(say);
}

static void tell_occurred_on(struct say *say, const struct event *event)
{
    if (event != NULL && event->fault == EVENT_FAULT_NONE) {
        say_day(say, "occurred_on", event->occurred_on);
    } else {
        say_null(say, "occurred_on");
    }
}

/* ---- what proves it ---- */

static const char *bytes_token(enum status found)
{
    return found == STATUS_OK       ? "there"
           : found == STATUS_ERASED ? "erased"
           : found == STATUS_AWAY   ? "away"
                                    : "damaged";
}

static void tell_evidence(struct looking *self, const struct evidence *evidence)
{
    static const char *const signatures[] = {[EVIDENCE_UNSIGNED] = "unsigned",
                                             [EVIDENCE_GOOD] = "good",
                                             [EVIDENCE_WRONG] = "wrong",
                                             [EVIDENCE_NO_KEY] = "no_key"};
    struct say *say = &self->scene->say;
    const struct entry *entry = &evidence->entry;
    const struct context_agent *agent =
        context_agent(self->scene->context, entry->agent_number);

    say_object(say, "entry");
    say_number(say, "index", (int64_t)entry->index);
    say_moment(say, "received_at", entry->received_at);
    say_number(say, "agent", entry->agent_number);
    say_text(say, "office", agent == NULL ? "" : agent->name);
    say_number(say, "epoch", entry->epoch_ordinal);
    say_number(say, "first_seq", (int64_t)entry->first_seq);
    say_number(say, "count", entry->count);
    say_hex(say, "content_hash",
            (struct bytes){entry->digest.bytes, sizeof entry->digest.bytes});
    say_hex(
        say, "record_hash",
        (struct bytes){evidence->record.bytes, sizeof evidence->record.bytes});
    say_bool(say, "clock_stepped",
             (entry->flags & ENTRY_FLAG_CLOCK_STEPPED) != 0);
    say_object_end(say);
    say_text(say, "bytes", bytes_token(evidence->found));
    say_text(say, "signature", signatures[evidence->signature]);
}

/* ---- what it says ---- */

static void tell_fields(struct looking *self, const struct event *event)
{
    struct say *say = &self->scene->say;
    struct words vi = {.units = self->scene->units,
                       .vocabulary = context_vocabulary(self->scene->context),
                       .language = LANGUAGE_VI};
    struct words en = vi;
    char *texts = calloc(2, WORDS_TEXT_MAX);
    uint32_t field = 0;

    en.language = LANGUAGE_EN;
    say_array(say, "fields");
    while (texts != NULL && event != NULL && event->fault == EVENT_FAULT_NONE &&
           (field = words_next(event, field)) != 0) {
        words_field(&vi, event, field, texts);
        words_field(&en, event, field, texts + WORDS_TEXT_MAX);
        say_object(say, NULL);
        say_text(say, "name", validate_field_name(event->type, field));
        say_labels(say, "label",
                   (struct language_text){words_label(&vi, event, field),
                                          words_label(&en, event, field)});
        say_labels(say, "text",
                   (struct language_text){texts, texts + WORDS_TEXT_MAX});
        say_object_end(say);
    }
    say_array_end(say);
    free(texts);
}

/* ---- its versions ---- */

static void tell_version(struct looking *self, uint64_t id, uint64_t parent)
{
    struct say *say = &self->scene->say;
    struct fold_result result;
    struct entry entry;
    struct event event;
    bool read = read_event(self, id, &entry, &event) == STATUS_OK;

    fold_result(self->scene->fold, id, &result);
    say_object(say, NULL);
    tell_id(say, "event", id);
    tell_id(say, "parent", parent);
    say_bool(say, "received", read);
    if (read) {
        say_number(say, "entry", (int64_t)entry.index);
        say_moment(say, "received_at", entry.received_at);
    } else {
        say_null(say, "entry");
        say_null(say, "received_at");
    }
    tell_type(say, read ? &event : NULL);
    tell_occurred_on(say, read ? &event : NULL);
    say_text(say, "outcome", read ? fold_outcome_token(result.outcome) : NULL);
    say_bool(say, "stands", read && result.outcome == FOLD_COUNTED);
    say_object_end(say);
}

static void tell_versions(struct looking *self, const struct event *event)
{
    struct fold_version *versions = calloc(VERSIONS_MAX, sizeof *versions);
    uint64_t first = self->id;
    size_t count = 0;

    say_array(&self->scene->say, "versions");
    if (versions != NULL && self->scene->fold != NULL) {
        count = fold_versions(
            self->scene->fold,
            event != NULL && event->target != 0 ? event->target : self->id,
            &first, versions, VERSIONS_MAX);
        count = count < VERSIONS_MAX ? count : VERSIONS_MAX;
    }
    if (count > 0) {
        tell_version(self, first, 0);
    }
    for (size_t i = 0; i < count; i++) {
        tell_version(self, versions[i].event,
                     versions[i].parent != 0 ? versions[i].parent : first);
    }
    say_array_end(&self->scene->say);
    free(versions);
}

/* ---- its figures ---- */

static void tell_uses(struct scene *scene, const struct plan *plan,
                      uint32_t indicator)
{
    struct say *say = &scene->say;
    bool named = false;

    for (uint32_t i = 0; i <= plan->target_count; i++) {
        const struct plan_target *target =
            i < plan->target_count ? &plan->targets[i] : NULL;

        if (target != NULL ? target->indicator != indicator : named) {
            continue;
        }
        named = true;
        say_object(say, NULL);
        say_text(say, "plan", plan->id);
        say_text(say, "id",
                 target != NULL ? target->id : plan->indicators[indicator].id);
        say_labels(say, "label",
                   target != NULL ? target->label
                                  : plan->indicators[indicator].label);
        say_object_end(say);
    }
}

static void tell_figures(struct looking *self, const struct event *event)
{
    struct scene *scene = self->scene;
    struct fold_result result = {.outcome = FOLD_MALFORMED};

    if (scene->fold != NULL) {
        fold_result(scene->fold, self->id, &result);
    }
    say_array(&scene->say, "figures");
    for (size_t p = 0; event != NULL && result.outcome == FOLD_COUNTED &&
                       p < context_plan_count(scene->context);
         p++) {
        const struct plan *plan = context_plan_at(scene->context, p)->plan;

        for (uint32_t i = 0; i < plan->indicator_count; i++) {
            if (indicator_uses(scene->fold, plan, i, event)) {
                tell_uses(scene, plan, i);
            }
        }
    }
    say_array_end(&scene->say);
}

/* ---- all of it ---- */

static void write_event(struct looking *self, const struct evidence *evidence)
{
    struct scene *scene = self->scene;
    struct say *say = &scene->say;
    struct fold_result result;
    struct entry entry;
    struct event read;
    const struct event *event =
        read_event(self, self->id, &entry, &read) == STATUS_OK ? &read : NULL;

    say_object(say, NULL);
    say_number(say, "position", (int64_t)tally_position(scene->tally));
    tell_id(say, "event", self->id);
    tell_evidence(self, evidence);
    if (scene->fold != NULL) {
        fold_result(scene->fold, self->id, &result);
        view_outcome_row(scene, "outcome", &result, event);
    } else {
        say_null(say, "outcome");
    }
    tell_type(say, event);
    tell_occurred_on(say, event);
    tell_fields(self, event);
    tell_versions(self, event);
    tell_figures(self, event);
    say_object_end(say);
}

void view_event(struct scene *scene)
{
    struct looking self = {.scene = scene, .id = scene->query->event};
    struct evidence_name name = {.kind = EVIDENCE_EVENT, .number = self.id};
    struct evidence evidence = {.control = NULL};
    struct entry entry;
    enum status status =
        ledger_snapshot_open(scene->source->view->ledger, &self.snapshot);

    self.cache = batch_cache_new(2);
    if (status == STATUS_OK && self.cache == NULL) {
        status = STATUS_MEMORY;
    }
    if (status == STATUS_OK) {
        status = evidence_entry(self.snapshot, &name, &entry);
    }
    if (status == STATUS_OK) {
        status =
            evidence_open(self.snapshot, scene->context, &entry, &evidence);
    }
    if (status == STATUS_NOT_FOUND) {
        (void)scene_fail(scene, 404, "the ledger has no such event");
    } else if (scene_ok(scene, status)) {
        write_event(&self, &evidence);
    }
    evidence_fini(&evidence);
    batch_cache_free(&self.cache);
    ledger_snapshot_close(&self.snapshot);
}
