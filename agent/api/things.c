/* GET things: what a form picks a thing from - those that the office has named
 * itself, those of the plans' annexes, and the slice of the province's
 * registers that came down. However many there are, a turn looks at some of
 * them; what is looked for goes on in the next one. Failure modes: the
 * spool's. */
#include "agent/api/naming.h"
#include "agent/api/works.h"
#include "agent/spool/spool_things.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/event/unit.h"
#include "common/format/wire_walk.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THINGS_USUAL   50u
#define THINGS_MAX     500u
#define SEARCH_KEY_MAX 1024u
/* So many are looked at between two looks at the clock; what is registered is
 * compared by its number alone, which is quicker. */
#define NAMES_LOOKS    64u
#define REGISTER_LOOKS 4096u

enum stage {
    STAGE_OWN,
    STAGE_PUBLISHED,
    STAGE_REGISTERED,
    STAGE_OVER
};

struct match {
    uint64_t reference;
    bool named;
};

/* An answer under way. */
struct asked {
    const struct desk_order *order; /* valid during a turn */
    enum reference_kind kind;
    char wanted[SEARCH_KEY_MAX];
    bool code; /* it may be a part of a reference */
    size_t limit;
    enum stage stage;
    struct spool_things_place own;
    struct match matches[NAMES_LOOKS]; /* among those that were looked at */
    size_t match_count;
    size_t plan;
    uint32_t list, item;
    uint32_t registered; /* of the register: so many were looked at */
    uint64_t given[THINGS_MAX];
    size_t count;
    json_t *rows;
};

/* ---- what is looked for ---- */

/* "est-0271-0000", "15": letters, digits and what parts them. */
static bool may_be_code(const char *wanted)
{
    size_t size = strspn(wanted, "abcdefghijklmnopqrstuvwxyz0123456789.-");

    return wanted[size] == '\0' && size < REFERENCE_TEXT_MAX;
}

static bool is_called(const struct asked *asked, const char *text, size_t size)
{
    char key[SEARCH_KEY_MAX];

    return asked->wanted[0] == '\0' ||
           (text_search_key(text, size, false, key, sizeof key, NULL) ==
                STATUS_OK &&
            strstr(key, asked->wanted) != NULL);
}

static bool has_code(const struct asked *asked, uint64_t reference)
{
    char text[REFERENCE_TEXT_MAX];

    if (!asked->code) {
        return false;
    }
    reference_format(asked->kind, reference, text);
    for (char *at = text; *at != '\0'; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    return strstr(text, asked->wanted) != NULL;
}

/* ---- rows ---- */

static bool is_given(const struct asked *asked, uint64_t reference)
{
    for (size_t i = 0; i < asked->count; i++) {
        if (asked->given[i] == reference) {
            return true;
        }
    }
    return false;
}

/* `name` is the office's own, empty for none; `unit` 0: not known. */
static void give(struct asked *asked, uint64_t reference, const char *name,
                 uint32_t unit)
{
    char text[REFERENCE_TEXT_MAX];
    char called[SPOOL_ALIAS_MAX + 2u];
    char key[UNIT_TEXT_MAX] = "";

    if (asked->count == asked->limit || is_given(asked, reference)) {
        return;
    }
    reference_format(asked->kind, reference, text);
    (void)snprintf(called, sizeof called, "@%s", name);
    if (unit != 0) {
        unit_key_format(unit, key);
    }
    asked->given[asked->count++] = reference;
    (void)json_array_append_new(
        asked->rows, json_pack("{s:s, s:s?, s:s?, s:s?}", "reference", text,
                               "name", name[0] == '\0' ? NULL : called, "label",
                               naming_label(asked->order, reference), "unit",
                               unit == 0 ? NULL : key));
}

/* What the office calls it, as it was written. */
static enum status give_own(struct asked *asked, uint64_t reference)
{
    char name[SPOOL_ALIAS_MAX + 1u];
    enum status rc = spool_name(asked->order->means->office->spool, asked->kind,
                                reference, name);

    if (rc == STATUS_OK || rc == STATUS_NOT_FOUND) {
        give(asked, reference, name, 0);
        rc = STATUS_OK;
    }
    return rc;
}

/* ---- where things come from ---- */

static bool take_own(void *owner, uint64_t reference, struct bytes name)
{
    struct asked *asked = owner;

    if ((name.size > 0 &&
         is_called(asked, (const char *)name.data, name.size)) ||
        has_code(asked, reference)) {
        asked->matches[asked->match_count++] =
            (struct match){reference, name.size > 0};
    }
    return true;
}

static enum status look_at_own(struct asked *asked)
{
    enum status rc;

    asked->match_count = 0;
    rc = spool_things(asked->order->means->office->spool, asked->kind,
                      &asked->own, NAMES_LOOKS, take_own, asked);
    if (rc == STATUS_NOT_FOUND) {
        asked->stage = STAGE_PUBLISHED;
        rc = STATUS_OK;
    }
    for (size_t i = 0; rc == STATUS_OK && i < asked->match_count; i++) {
        if (asked->matches[i].named) {
            rc = give_own(asked, asked->matches[i].reference);
        } else {
            give(asked, asked->matches[i].reference, "", 0);
        }
    }
    return rc;
}

/* The next list of an annex, or part of it. */
static void look_at_list(struct asked *asked, const struct plan_list *list)
{
    uint32_t end =
        list->reference_kind == (uint32_t)asked->kind ? list->count : 0;

    for (uint32_t i = 0; i < NAMES_LOOKS && asked->item < end; i++) {
        uint64_t reference = list->items[asked->item++];
        const char *label = naming_label(asked->order, reference);

        if ((label != NULL && is_called(asked, label, strlen(label))) ||
            has_code(asked, reference)) {
            give(asked, reference, "", 0);
        }
    }
    if (asked->item >= end) {
        asked->list++;
        asked->item = 0;
    }
}

static void look_at_published(struct asked *asked)
{
    const struct context *context = asked->order->means->office->context;
    const struct plan *plan;

    if (asked->plan >= context_plan_count(context)) {
        asked->stage = STAGE_REGISTERED;
        return;
    }
    plan = context_plan_at(context, asked->plan)->plan;
    if (asked->list >= plan->list_count) {
        asked->plan++;
        asked->list = 0;
        return;
    }
    look_at_list(asked, &plan->lists[asked->list]);
}

/* What was looked at is passed over; should another register have come
 * meanwhile, it goes on at the same place of that. */
static enum status look_at_registered(struct asked *asked)
{
    struct wire_register_item item;
    struct wire_walk walk;
    struct bytes body;
    enum status rc = spool_document(asked->order->means->office->spool,
                                    WIRE_DOCUMENT_REGISTERS, &body);
    uint32_t end = asked->registered + REGISTER_LOOKS;
    uint32_t at = 0;

    if (rc == STATUS_OK) {
        wire_walk_init(&walk, body);
    }
    while (rc == STATUS_OK && at < end &&
           (rc = wire_walk_register(&walk, &item)) == STATUS_OK) {
        if (at++ >= asked->registered && item.kind == (uint32_t)asked->kind &&
            has_code(asked, item.reference)) {
            give(asked, item.reference, "",
                 item.unit_count == 0 ? 0 : item.units[0]);
        }
    }
    asked->registered = end;
    if (rc == STATUS_NOT_FOUND) {
        asked->stage = STAGE_OVER;
        rc = STATUS_OK;
    }
    return rc;
}

static enum status look_on(struct asked *asked)
{
    switch (asked->stage) {
    case STAGE_OWN:
        return look_at_own(asked);
    case STAGE_PUBLISHED:
        look_at_published(asked);
        return STATUS_OK;
    default:
        return look_at_registered(asked);
    }
}

/* ---- the question ---- */

/* "EST" ... "INS"; 0 for what is none. */
static uint32_t read_kind(const char *text)
{
    for (uint32_t kind = 1; text != NULL && kind < REFERENCE_KIND_END; kind++) {
        if (strcmp(reference_prefix((enum reference_kind)kind), text) == 0) {
            return kind;
        }
    }
    return 0;
}

/* False: the reply says why not. */
static bool read_asked(const struct desk_order *order, struct asked *asked,
                       struct http_reply *reply)
{
    uint32_t kind = read_kind(desk_query(order, "kind"));
    const char *q = desk_query(order, "q");
    uint64_t limit = 0;

    if (kind == 0) {
        http_reply_problem(reply, 400, "kind=EST, HOT, MOD, CAS, TIP or INS");
        return false;
    }
    if (!desk_query_number(order, "limit", THINGS_MAX, THINGS_USUAL, &limit,
                           reply)) {
        return false;
    }
    if (q == NULL || text_search_key(q, strlen(q), false, asked->wanted,
                                     SEARCH_KEY_MAX, NULL) != STATUS_OK) {
        asked->wanted[0] = '\0'; /* everything */
    }
    asked->kind = (enum reference_kind)kind;
    asked->code = may_be_code(asked->wanted);
    asked->limit = (size_t)limit;
    asked->rows = json_array();
    return true;
}

static void tell(struct asked *asked, struct http_reply *reply)
{
    json_t *answer = json_pack("{s:o}", "things", asked->rows);

    asked->rows = NULL;
    desk_give(&answer, reply);
}

/* One thing, by its reference: how a page calls what it has the number of. */
static void tell_one(struct asked *asked, const char *text,
                     struct http_reply *reply)
{
    uint64_t reference = 0;
    enum status rc;

    if (reference_parse(text, strlen(text), asked->kind, &reference, NULL) !=
        STATUS_OK) {
        http_reply_problem(reply, 400, "reference");
        return;
    }
    rc = give_own(asked, reference);
    if (rc == STATUS_OK) {
        tell(asked, reply);
    } else {
        desk_failed(asked->order, rc, reply);
    }
}

static enum desk_turn go_on(struct asked *asked, struct http_reply *reply)
{
    const struct clock *clock = asked->order->means->clock;
    int64_t until = clock_monotonic_us(clock) + DESK_TURN_US;
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && asked->stage != STAGE_OVER &&
           asked->count < asked->limit) {
        rc = look_on(asked);
        if (rc == STATUS_OK && clock_monotonic_us(clock) >= until) {
            return DESK_AGAIN;
        }
    }
    if (rc == STATUS_OK) {
        tell(asked, reply);
    } else {
        desk_failed(asked->order, rc, reply);
    }
    return DESK_DONE;
}

static enum desk_turn answer(struct desk_order *order, struct http_reply *reply)
{
    struct asked *asked = order->state;
    const char *one = desk_query(order, "reference");

    if (asked == NULL) {
        asked = calloc(1, sizeof *asked);
        if (asked == NULL) {
            desk_failed(order, STATUS_MEMORY, reply);
            return DESK_DONE;
        }
        order->state = asked;
        if (!read_asked(order, asked, reply)) {
            return DESK_DONE;
        }
    }
    asked->order = order;
    if (one != NULL) {
        tell_one(asked, one, reply);
        return DESK_DONE;
    }
    return go_on(asked, reply);
}

static void forget(struct desk_order *order)
{
    struct asked *asked = order->state;

    if (asked != NULL) {
        json_decref(asked->rows);
    }
    free(asked);
    order->state = NULL;
}

const struct desk_work things_work = {
    .query = {"kind", "q", "limit", "reference"},
    .turn = answer,
    .fini = forget};
