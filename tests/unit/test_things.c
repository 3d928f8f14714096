/* What a form picks a thing from, asked as the desk asks: turn by turn. */
#include "agent/api/naming.h"
#include "agent/api/works.h"
#include "agent/spool/spool_things.h"
#include "common/event/reference.h"
#include "common/format/wire_walk.h"
#include "tests/support/office_fixture.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NAMES      1000u
#define REGISTERED 30000u
#define ELSEWHERE  33u /* an office that has numbered what is registered */

static struct office office;
static struct desk_means means;
static struct desk_order order;
static struct clock ticking;
static int64_t now;
static unsigned turns;
static json_t *found;

/* A millisecond from each look to the next. */
static int64_t tick(void *context)
{
    (void)context;
    now += CLOCK_US_PER_MS;
    return now;
}

static void set_up(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();

    spool_fixture_open();
    ticking = (struct clock){tick, tick, NULL};
    office.spool = spool;
    office.context = office_fixture_context(&fixture);
    means = (struct desk_means){.office = &office, .clock = &ticking};
    order = (struct desk_order){.work = &things_work, .means = &means};
}

static void tear_down(void)
{
    json_decref(found);
    context_free(&office.context);
    spool_fixture_close();
}

TestSuite(things, .init = set_up, .fini = tear_down);

/* Gives how many there are; `turns` is how often it was asked to go on. */
static size_t ask(const char *kind, const char *q)
{
    char kind_word[8], words[64];
    struct http_reply reply;

    (void)snprintf(kind_word, sizeof kind_word, "%s", kind);
    (void)snprintf(words, sizeof words, "%s", q);
    order.query[0] = kind_word;
    order.query[1] = words;
    http_reply_init(&reply);
    turns = 1;
    while (things_work.turn(&order, &reply) == DESK_AGAIN) {
        turns++;
    }
    things_work.fini(&order);
    cr_assert_eq(reply.status, 200);
    json_decref(found);
    found = json_loadb((const char *)reply.body.data, reply.body.size, 0, NULL);
    http_reply_fini(&reply);
    return json_array_size(json_object_get(found, "things"));
}

static const char *told(size_t at, const char *key)
{
    return json_string_value(json_object_get(
        json_array_get(json_object_get(found, "things"), at), key));
}

static uint64_t name_one(const char *name, const char *written)
{
    uint64_t reference = spool_fixture_allot(name, NULL);

    cr_assert_eq(spool_note_written(spool, REFERENCE_ESTABLISHMENT, reference,
                                    bytes_of_text(written)),
                 STATUS_OK);
    return reference;
}

static void name_many(void)
{
    char name[32];

    cr_assert_eq(spool_begin(spool), STATUS_OK);
    for (unsigned i = 0; i < NAMES; i++) {
        (void)snprintf(name, sizeof name, "co so %u", i);
        (void)spool_fixture_allot(name, NULL);
    }
    cr_assert_eq(spool_commit(spool), STATUS_OK);
}

/* Whoever asks for a name that few things have, or none. */
Test(things, i11_a_turn_looks_at_some_names_and_the_search_at_all)
{
    name_many();
    cr_assert_eq(ask("EST", "so 999"), 1);
    cr_assert_str_eq(told(0, "name"), "@co so 999");
    cr_assert_gt(turns, 3, "%u turns", turns);
    cr_assert_eq(ask("EST", "quán"), 0);
    cr_assert_gt(turns, 3, "%u turns", turns);
    cr_assert_eq(ask("EST", ""), 50, "as many as are asked for");
    cr_assert_eq(turns, 1);
}

Test(things, i11_a_turn_looks_at_some_of_a_register_and_the_search_at_all)
{
    struct wire_register_item item = {.kind = REFERENCE_ESTABLISHMENT};
    char text[REFERENCE_TEXT_MAX];
    struct buffer body;

    buffer_init(&body, WIRE_DOCUMENT_BYTES_MAX);
    for (uint32_t i = 1; i <= REGISTERED; i++) {
        item.reference = id60_make(ELSEWHERE, 1, i);
        cr_assert_eq(wire_pack_register_item(&item, &body), STATUS_OK);
    }
    cr_assert_eq(
        spool_set_document(spool, WIRE_DOCUMENT_REGISTERS, buffer_bytes(&body)),
        STATUS_OK);
    buffer_fini(&body);
    reference_format(REFERENCE_ESTABLISHMENT, item.reference, text);
    cr_assert_eq(ask("EST", text), 1);
    cr_assert_str_eq(told(0, "reference"), text);
    cr_assert_gt(turns, 1, "%u turns", turns);
    cr_assert_eq(ask("EST", "est-0033"), 50);
    cr_assert_eq(ask("HOT", text), 0, "of another kind");
}

Test(things, what_an_annex_lists_is_found_by_its_name)
{
    size_t count = ask("HOT", "duong");

    cr_assert_gt(count, 0);
    cr_assert_not_null(told(0, "label"));
    cr_assert_null(told(0, "name"));
}

Test(things, a_name_is_shown_as_it_was_first_written)
{
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    (void)name_one("karaoke hoa mai", "Karaoke HOA MAI");
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    cr_assert_eq(ask("EST", "hoa mai"), 1);
    cr_assert_str_eq(told(0, "name"), "@Karaoke HOA MAI");
    cr_assert_eq(ask("EST", "HÓA"), 1, "as names are compared");
    cr_assert_str_eq(told(0, "name"), "@Karaoke HOA MAI");
}
