#include "agent/api/telling.h"

#include <stdio.h>
#include <string.h>

#include "agent/api/naming.h"
#include "common/event/reference.h"

static const struct language_text absent = {"máy này không có sự kiện đó",
                                            "this machine has no such event"};

/* ---- the answer ---- */

void tell_begin(struct telling *telling, const struct desk_order *order)
{
    telling->order = order;
    buffer_init(&telling->buffer, DESK_REPLY_MAX);
    say_init(&telling->say, &telling->buffer);
    say_object(&telling->say, NULL);
}

void tell_end(struct telling *telling, enum status status,
              struct http_reply *reply)
{
    say_object_end(&telling->say);
    if (status == STATUS_OK) {
        status = telling->say.status;
    }
    if (status == STATUS_OK) {
        http_reply_take(reply, "application/json", &telling->buffer);
    } else {
        desk_failed(telling->order, status, reply);
    }
    buffer_fini(&telling->buffer);
}

void tell_id(struct say *say, const char *key, uint64_t id)
{
    char text[EVENT_ID_TEXT_MAX];

    if (id == 0) {
        say_null(say, key);
        return;
    }
    event_id_format(id, text);
    say_text(say, key, text);
}

void tell_word(struct telling *telling, const char *key,
               struct language_text text)
{
    say_text(&telling->say, key, language_pick(text, telling->order->language));
}

/* ---- one event ---- */

void tell_place(struct telling *telling, const struct event *event)
{
    uint32_t place = event_place(event);
    struct words words = naming_words(telling->order);
    const struct unit *unit =
        units_called(words.units, place, event->occurred_on);
    char text[WORDS_UNIT_TEXT_MAX];

    if (unit != NULL) {
        (void)snprintf(text, sizeof text, "%s %s", unit->type, unit->name);
    } else {
        unit_key_format(place, text);
    }
    say_text(&telling->say, "unit", text);
}

void tell_event_head(struct telling *telling, const struct event *event)
{
    struct say *say = &telling->say;
    const struct catalogue_type *type = catalogue_type(event->type);
    struct words words = naming_words(telling->order);
    char text[WORDS_UNIT_TEXT_MAX];

    say_text(say, "type", type != NULL ? type->name : NULL);
    say_text(say, "label", words_type(&words, event));
    say_day(say, "occurred_on", event->occurred_on);
    tell_place(telling, event);
    unit_key_format(event_place(event), text);
    say_text(say, "unit_key", text);
    say_moment(say, "recorded_at", event->recorded_at);
}

/* ---- states ---- */

static const struct {
    const char *word;
    uint32_t states;
} states[] = {
    {"saved", 1u << SPOOL_SAVED | 1u << SPOOL_SEALED},
    {"received", 1u << SPOOL_RECEIVED},
    {"backed_up", 1u << SPOOL_BACKED_UP},
    {"to_mend", 1u << SPOOL_TO_MEND},
    {"moved", 1u << SPOOL_MOVED},
};

void tell_state(struct telling *telling, enum spool_state state)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if ((states[i].states >> state & 1u) != 0) {
            say_text(&telling->say, "state", states[i].word);
        }
    }
    say_bool(&telling->say, "sent", state != SPOOL_SAVED);
}

bool tell_read_state(const char *word, uint32_t *wanted)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(word, states[i].word) == 0) {
            *wanted = states[i].states;
            return true;
        }
    }
    return false;
}

/* ---- what is asked for ---- */

json_t *tell_body(const struct desk_order *order, struct http_reply *reply)
{
    struct bytes text = buffer_bytes(&order->body);
    json_t *body = json_loadb((const char *)text.data, text.size,
                              JSON_REJECT_DUPLICATES, NULL);

    if (!json_is_object(body)) {
        json_decref(body);
        body = NULL;
        http_reply_problem(reply, 400, "JSON");
    }
    return body;
}

bool tell_read_id(const struct desk_order *order, uint64_t *id,
                  struct http_reply *reply)
{
    const char *text = desk_part(order, "id");

    if (event_id_parse(text, strlen(text), id) != STATUS_OK) {
        desk_problem(order, 404, absent, reply);
        return false;
    }
    return true;
}

bool tell_find_event(const struct desk_order *order, uint64_t id,
                     struct event *event, enum spool_state *state,
                     struct http_reply *reply)
{
    enum status rc = spool_event(order->means->office->spool, id, event, state);

    if (rc == STATUS_NOT_FOUND) {
        desk_problem(order, 404, absent, reply);
    } else if (rc != STATUS_OK) {
        desk_failed(order, rc, reply);
    }
    return rc == STATUS_OK;
}
