/* POST events/{id}/void: an event like any other, which says that what was
 * recorded is not to be counted, and why. GET reasons: what may be said. */
#include "agent/api/telling.h"
#include "agent/api/works.h"

#include <stdio.h>
#include <string.h>

#include "agent/api/save.h"
#include "agent/spool/spool_versions.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/event/validate.h"
#include "common/event/vocabulary.h"

#define REASONS "CorrectionReason"

struct voiding {
    char corrects[EVENT_ID_TEXT_MAX];
    char replaces[EVENT_ID_TEXT_MAX];
    char day[TEXT_DATE_MAX];
    char programme[VOCABULARY_TOKEN_MAX];
};

static void add_cell(struct save_request *request, const char *name,
                     const char *text)
{
    request->cells[request->count++] = (struct save_cell){name, text};
}

/* Of the version that stands, for the pair and the programme of the first. */
static void fill(const struct desk_order *order, const struct versions *all,
                 struct voiding *voiding, struct save_request *request)
{
    const struct event *first = &all->at[0].event;
    const struct catalogue_value *programme =
        vocabulary_value(context_vocabulary(order->means->office->context),
                         catalogue_enumeration("Programme"), first->programme);

    event_id_format(all->root, voiding->corrects);
    add_cell(request, "corrects", voiding->corrects);
    if (all->head != all->root) {
        event_id_format(all->head, voiding->replaces);
        add_cell(request, "replaces", voiding->replaces);
    }
    save_day(order, first->unit, first->occurred_on, voiding->day);
    add_cell(request, "occurred_on", voiding->day);
    if (programme != NULL) {
        (void)snprintf(voiding->programme, sizeof voiding->programme, "%s",
                       programme->token);
        add_cell(request, "programme", voiding->programme);
    }
    request->unit = first->unit;
    request->office = first->office;
}

static bool is_known(const struct desk_order *order, const struct event *first,
                     const struct save_request *request)
{
    uint64_t id;

    return spool_find_entry(order->means->office->spool, first->unit,
                            first->office, request->entry_key,
                            &id) == STATUS_OK;
}

static void void_it(struct desk_order *order, const struct versions *all,
                    const char *reason, struct save_request *request,
                    struct http_reply *reply)
{
    static const struct language_text elsewhere = {
        "bản gốc của sự kiện này không có trên máy này",
        "the first version of this event is not on this machine"};
    static const struct language_text over = {"sự kiện này đã bị hủy trước đó",
                                              "this event was voided before"};
    static const struct language_text newer = {
        "sự kiện này đã có bản đính chính mới hơn: hãy mở bản mới nhất",
        "a newer correction of this event is there: open the newest version"};
    struct voiding voiding;
    bool known;
    uint64_t id;

    if (!all->at[0].here || !tell_read_id(order, &id, reply)) {
        desk_problem(order, 409, elsewhere, reply);
        return;
    }
    known = is_known(order, &all->at[0].event, request);
    if (!known && all->voided) {
        desk_problem(order, 409, over, reply);
        return;
    }
    if (!known && all->head != id) {
        desk_problem(order, 409, newer, reply);
        return;
    }
    fill(order, all, &voiding, request);
    add_cell(request, "reason", reason);
    save_tell(order, request, reply);
}

static enum desk_turn take(struct desk_order *order, struct http_reply *reply)
{
    struct save_request request = {.type = "correction"};
    struct versions *all = NULL;
    struct event event;
    enum spool_state state;
    uint64_t id;
    json_t *body = tell_body(order, reply);
    const char *reason = json_string_value(json_object_get(body, "reason"));
    enum status rc;

    if (body == NULL || !save_read_key(body, &request, reply) ||
        !tell_read_id(order, &id, reply) ||
        !tell_find_event(order, id, &event, &state, reply)) {
        json_decref(body);
        return DESK_DONE;
    }
    rc = versions_new(order->means->office->spool, id, &all);
    if (reason == NULL || reason[0] == '\0') {
        http_reply_problem(reply, 400, "reason");
    } else if (rc != STATUS_OK) {
        desk_failed(order, rc, reply);
    } else {
        void_it(order, all, reason, &request, reply);
    }
    versions_free(&all);
    json_decref(body);
    return DESK_DONE;
}

const struct desk_work void_work = {.parts = {"id"}, .turn = take};

/* ---- reasons ---- */

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    const struct vocabulary *vocabulary =
        context_vocabulary(order->means->office->context);
    const struct catalogue_enumeration *list = catalogue_enumeration(REASONS);
    const struct catalogue_value *value;
    struct telling telling;

    tell_begin(&telling, order);
    say_array(&telling.say, "reasons");
    for (size_t i = 0; (value = vocabulary_at(vocabulary, list, i)) != NULL;
         i++) {
        say_object(&telling.say, NULL);
        say_number(&telling.say, "number", value->value);
        say_text(&telling.say, "key", value->token);
        tell_word(&telling, "label", value->label);
        say_object_end(&telling.say);
    }
    say_array_end(&telling.say);
    tell_end(&telling, STATUS_OK, reply);
    return DESK_DONE;
}

const struct desk_work reasons_work = {.turn = tell};
