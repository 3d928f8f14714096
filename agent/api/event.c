/* GET events/{id}: one event in words, what became of it, and its versions.
 *
 * A correction names the first version and the one that it replaces. Which one
 * stands follows from the notes of corrections alone: among those that name the
 * version that stood, a void ends it, else the one with the greatest id is
 * next. What other offices corrected is only known at the province. */
#include "agent/api/lineage.h"
#include "agent/api/telling.h"
#include "agent/api/works.h"

#include <stdlib.h>

#include "agent/api/naming.h"
#include "agent/office/outcome_words.h"
#include "agent/spool/spool_versions.h"
#include "common/base/render.h"
#include "common/event/validate.h"
#include "common/fold/fold.h"

/* ---- what it says ---- */

static void tell_fields(struct telling *telling, const struct event *event)
{
    struct say *say = &telling->say;
    struct words words = naming_words(telling->order);
    char *text = malloc(WORDS_TEXT_MAX);
    uint32_t field = 0;

    say_array(say, "fields");
    while (text != NULL && event->fault == EVENT_FAULT_NONE &&
           (field = words_next(event, field)) != 0) {
        words_field(&words, event, field, text);
        say_object(say, NULL);
        say_text(say, "key", validate_field_name(event->type, field));
        say_text(say, "label", words_label(&words, event, field));
        say_text(say, "text", text);
        say_object_end(say);
    }
    say_array_end(say);
    free(text);
}

static void tell_cell(struct telling *telling, const struct event *event,
                      uint32_t field)
{
    const struct context *context = telling->order->means->office->context;
    char text[RENDER_TEXT_MAX];

    render_field(event, field, context_vocabulary(context), text);
    if (text[0] != '\0') {
        say_text(&telling->say, validate_field_name(event->type, field), text);
    }
}

/* As entry reads them again: what a correction of the event begins with. */
static void tell_cells(struct telling *telling, const struct event *event)
{
    static const uint32_t header[] = {EVENT_OCCURRED_ON, EVENT_UNIT,
                                      EVENT_OFFICE,      EVENT_SUBJECT_UNIT,
                                      EVENT_PROGRAMME,   EVENT_DOCUMENT_NUMBER};
    const struct catalogue_type *type = catalogue_type(event->type);

    say_object(&telling->say, "cells");
    for (size_t i = 0; i < sizeof header / sizeof header[0]; i++) {
        tell_cell(telling, event, header[i]);
    }
    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        tell_cell(telling, event, EVENT_BODY_BASE + type->fields[i].number);
    }
    say_object_end(&telling->say);
}

/* ---- what became of it ---- */

static enum status tell_outcome(struct telling *telling, uint64_t id,
                                const struct event *event)
{
    static const struct language_text mend = {
        "Bấm Sửa, chữa ô được đánh dấu rồi lưu; hoặc bấm Hủy nếu nhập nhầm.",
        "Press Correct, mend the marked field and save; or press Void when it "
        "should not be there."};
    static const struct language_text nothing = {"Không cần làm gì.",
                                                 "Nothing is to be done."};
    const struct office *office = telling->order->means->office;
    struct say *say = &telling->say;
    struct office asked = *office;
    struct spool_outcome outcome;
    char text[OUTCOME_WORDS_MAX];
    enum status rc = spool_outcome(office->spool, id, &outcome);

    if (rc != STATUS_OK) {
        say_null(say, "outcome");
        return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    asked.language = telling->order->language;
    outcome_words_tell(&asked, event, &outcome, false, text);
    say_object(say, "outcome");
    say_text(say, "name",
             outcome.outcome < FOLD_OUTCOME_END
                 ? fold_outcome_token((enum fold_outcome)outcome.outcome)
                 : NULL);
    say_text(say, "text", text);
    tell_word(telling, "what_to_do",
              spool_outcome_asks(outcome.outcome) ? mend : nothing);
    say_text(
        say, "field",
        outcome.field != 0
            ? validate_field_name(event->type, outcome_words_field(&outcome))
            : NULL);
    tell_id(say, "other", outcome.other);
    say_object_end(say);
    return STATUS_OK;
}

static enum status tell_receipt(struct telling *telling, uint64_t id)
{
    struct say *say = &telling->say;
    struct entry entry;
    enum status rc =
        spool_event_receipt(telling->order->means->office->spool, id, &entry);

    if (rc != STATUS_OK) {
        say_null(say, "receipt");
        return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    say_object(say, "receipt");
    say_number(say, "index", (int64_t)entry.index);
    say_moment(say, "received_at", entry.received_at);
    say_object_end(say);
    return STATUS_OK;
}

/* ---- its versions ---- */

static void tell_version(struct telling *telling, const struct versions *all,
                         const struct version *version)
{
    struct say *say = &telling->say;

    say_object(say, NULL);
    tell_id(say, "id", version->id);
    tell_id(say, "parent", version->parent);
    if (version->here) {
        tell_event_head(telling, &version->event);
        tell_state(telling, version->state);
        lineage_tell_given(telling, &version->event);
    }
    say_bool(say, "here", version->here);
    say_bool(say, "voids", version->voids);
    say_bool(say, "stands", !all->voided && all->head == version->id);
    say_object_end(say);
}

static void tell_versions(struct telling *telling, const struct versions *all)
{
    struct say *say = &telling->say;

    say_array(say, "chain");
    for (size_t i = 0; i < all->count; i++) {
        tell_version(telling, all, &all->at[i]);
    }
    say_array_end(say);
    say_bool(say, "voided", all->voided);
}

/* Only the version that stands can be corrected; `corrects` and `replaces` are
 * the cells that a correction of it needs. */
static void tell_may(struct telling *telling, const struct versions *all,
                     uint64_t id, enum spool_state state)
{
    struct say *say = &telling->say;
    bool may = !all->voided && all->head == id && state != SPOOL_MOVED;

    say_object(say, "may");
    say_bool(say, "correct", may);
    say_bool(say, "void", may);
    say_object_end(say);
    tell_id(say, "corrects", may ? all->root : 0);
    tell_id(say, "replaces", may && all->head != all->root ? all->head : 0);
}

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    struct spool *spool = order->means->office->spool;
    struct versions *all = NULL;
    struct telling telling;
    struct event event;
    enum spool_state state;
    uint64_t id, moved = 0;
    enum status rc;

    if (!tell_read_id(order, &id, reply) ||
        !tell_find_event(order, id, &event, &state, reply)) {
        return DESK_DONE;
    }
    tell_begin(&telling, order);
    tell_id(&telling.say, "id", id);
    tell_event_head(&telling, &event);
    tell_state(&telling, state);
    tell_fields(&telling, &event);
    tell_cells(&telling, &event);
    rc = tell_outcome(&telling, id, &event);
    if (rc == STATUS_OK) {
        rc = tell_receipt(&telling, id);
    }
    if (rc == STATUS_OK) {
        rc = versions_new(spool, id, &all);
    }
    if (rc == STATUS_OK) {
        lineage_tell_given(&telling, &event);
        lineage_tell(&telling, all, id);
        tell_versions(&telling, all);
        tell_may(&telling, all, id, state);
        rc = spool_moved(spool, 0, id, &moved);
        tell_id(&telling.say, "moved_to", rc == STATUS_OK ? moved : 0);
        rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    tell_end(&telling, rc, reply);
    versions_free(&all);
    return DESK_DONE;
}

const struct desk_work event_work = {.parts = {"id"}, .turn = tell};
