#include "collector/line/serve_links.h"

#include <criterion/criterion.h>

#define S      CLOCK_US_PER_S
#define HELD   100u /* entries that everybody has */
#define SILENT 40u

static struct serve_links *links;
static int64_t now;

static void setup(void)
{
    links = serve_links_new();
    cr_assert_not_null(links);
    now = 1000 * S;
}

static void teardown(void)
{
    serve_links_free(&links);
}

TestSuite(serve_links, .init = setup, .fini = teardown);

static struct public_key key_of(uint32_t which)
{
    struct public_key key = {{0}};

    bytes_put_u32(key.bytes, which);
    return key;
}

static struct serve_link *hello(uint32_t which, uint32_t number)
{
    const struct wire_hello said = {.capabilities = WIRE_CAPABILITY_PAIRS,
                                    .last_index = HELD};
    struct public_key key = key_of(which);
    struct serve_link *link = serve_links_hello(links, &key, number, now++);

    cr_assert_not_null(link);
    serve_links_begin(link, &said, 0);
    return link;
}

static struct serve_link *link_of(uint32_t which)
{
    struct public_key key = key_of(which);

    return serve_links_find(links, &key);
}

/* Asks whose turn it is; NULL: nobody's. */
static struct serve_link *ask_next(void)
{
    struct serve_link *link = serve_links_next(links, now);

    if (link != NULL) {
        serve_links_ask(links, link, now);
    }
    return link;
}

/* All places are given away; gives how many were. */
static size_t ask_all(void)
{
    size_t count = 0;

    while (ask_next() != NULL) {
        count++;
    }
    return count;
}

static void answer(struct serve_link *link)
{
    serve_links_grew(links, link, HELD - 1, now);
    serve_links_ended(links, link, HELD);
    link->told = link->done;
}

/* ---- turns ---- */

Test(serve_links, i11_so_many_are_asked_at_a_time_and_no_more)
{
    for (uint32_t i = 1; i <= SERVE_ASKED_MAX + 1; i++) {
        (void)hello(i, i);
    }
    cr_assert_eq(ask_all(), SERVE_ASKED_MAX);
    cr_assert_not(link_of(SERVE_ASKED_MAX + 1)->asked);
    answer(link_of(1));
    cr_assert_eq(ask_next(), link_of(SERVE_ASKED_MAX + 1));
}

/* More offices than there are places never answer; the last one gets its turn
 * all the same, and each of them has had its own. */
Test(serve_links, those_that_never_answer_hold_up_nobody)
{
    struct serve_link *honest;

    for (uint32_t i = 1; i <= SILENT; i++) {
        (void)hello(i, i);
    }
    honest = hello(SILENT + 1, SILENT + 1);
    for (unsigned i = 0; i <= SILENT / SERVE_ASKED_MAX; i++) {
        cr_assert_not(honest->owes);
        (void)ask_all();
        now += SERVE_SILENT_US;
    }
    cr_assert(honest->owes);
    for (uint32_t i = 1; i <= SILENT; i++) {
        cr_assert(link_of(i)->owes, "office %u", i);
    }
}

/* Every now and then one more pair: that does not hold a place for ever. */
Test(serve_links, i11_an_answer_that_trickles_loses_its_place_and_nothing_else)
{
    struct serve_link *slow = hello(1, 1);
    uint64_t at = 0;
    int64_t from;

    cr_assert_eq(ask_next(), slow);
    from = now;
    while (slow->asked && at < HELD - 1) {
        serve_links_grew(links, slow, at++, now);
        now += SERVE_SILENT_US / 2;
        (void)serve_links_next(links, now);
    }
    cr_assert_not(slow->asked);
    cr_assert_leq(now - from, SERVE_ASKED_US);
    serve_links_grew(links, slow, at, now);
    cr_assert_eq(slow->next, at + 1, "what it sends is taken");
    cr_assert_null(ask_next(), "its answer is still on its way");
    serve_links_ended(links, slow, at + 1);
    cr_assert_eq(ask_next(), slow);
    cr_assert_eq(slow->from, at + 1);
    answer(slow);
    cr_assert(slow->done);
}

/* What brings nothing new is no sign of life. */
Test(serve_links, the_same_again_extends_no_turn)
{
    struct serve_link *link = hello(1, 1);

    cr_assert_eq(ask_next(), link);
    serve_links_grew(links, link, 5, now);
    for (unsigned i = 0; i < 4 && link->asked; i++) {
        now += SERVE_SILENT_US / 3;
        serve_links_grew(links, link, 5, now);
        (void)serve_links_next(links, now);
    }
    cr_assert_not(link->asked);
}

/* What was asked for before the ledger was behind ends no answer. */
Test(serve_links, an_answer_to_something_else_is_none)
{
    const struct wire_hello said = {.capabilities = WIRE_CAPABILITY_PAIRS,
                                    .last_index = HELD};
    struct serve_link *link = hello(1, 1);

    serve_links_begin(link, &said, 50);
    cr_assert_eq(ask_next(), link);
    serve_links_ended(links, link, 50);
    cr_assert(link->owes);
    cr_assert_not(link->done);
    serve_links_ended(links, link, HELD);
    cr_assert(link->done);
}

/* ---- strangers ---- */

Test(serve_links, i11_strangers_share_a_few_of_the_places)
{
    for (uint32_t i = 1; i <= SERVE_ASKED_MAX; i++) {
        (void)hello(1000 + i, 0);
    }
    cr_assert_eq(ask_all(), SERVE_ASKED_STRANGERS_MAX);
    for (uint32_t i = 1; i <= SERVE_ASKED_MAX; i++) {
        (void)hello(i, i);
    }
    cr_assert_eq(ask_all(), SERVE_ASKED_MAX - SERVE_ASKED_STRANGERS_MAX);
}

/* One that says who it is takes none of the strangers' places any more. */
Test(serve_links, a_stranger_that_becomes_known_is_asked_as_an_office)
{
    for (uint32_t i = 1; i <= SERVE_ASKED_STRANGERS_MAX + 1; i++) {
        (void)hello(1000 + i, 0);
    }
    cr_assert_eq(ask_all(), SERVE_ASKED_STRANGERS_MAX);
    serve_links_know(links, link_of(1001), 7);
    cr_assert_eq(ask_all(), 1);
}

/* As many strangers as want to: every office still finds its place. */
Test(serve_links, i11_strangers_never_take_an_offices_place)
{
    struct public_key first = key_of(1000001);

    for (uint32_t i = 1; i <= 10 * SERVE_STRANGERS_MAX; i++) {
        (void)hello(1000000 + i, 0);
        cr_assert_leq(links->count, SERVE_STRANGERS_MAX);
    }
    cr_assert_null(serve_links_find(links, &first), "the oldest ones went");
    cr_assert_not_null(link_of(1000000 + 10 * SERVE_STRANGERS_MAX));
    for (uint32_t i = 1; i <= CONTEXT_AGENTS_MAX; i++) {
        struct public_key key = key_of(i);

        cr_assert_eq(links->count, SERVE_STRANGERS_MAX + i - 1);
        cr_assert_not_null(serve_links_hello(links, &key, i, now));
    }
    cr_assert_eq(links->count, SERVE_LINKS_MAX);
    (void)hello(2000000, 0);
    cr_assert_eq(links->count, SERVE_LINKS_MAX);
}

/* ---- without room ---- */

Test(serve_links, i6_what_was_not_kept_is_asked_for_again_from_its_beginning)
{
    struct serve_link *link = hello(1, 1);

    cr_assert_eq(ask_next(), link);
    serve_links_grew(links, link, 9, now);
    serve_links_stored(links);
    serve_links_grew(links, link, 19, now);
    serve_links_lost(links, now);
    cr_assert_eq(link->next, 10);
    /* The rest of that answer would leave a gap. */
    cr_assert(link->skip);
    cr_assert_null(ask_next());
    serve_links_ended(links, link, HELD);
    cr_assert_not(link->done);
    cr_assert_null(ask_next(), "not at once");
    now += SERVE_FULL_US;
    cr_assert_eq(ask_next(), link);
    cr_assert_eq(link->from, 10);
}

Test(serve_links, i6_that_an_office_has_answered_may_be_lost_too)
{
    struct serve_link *link = hello(1, 1);

    cr_assert_eq(ask_next(), link);
    answer(link);
    cr_assert(link->done && link->told);
    serve_links_lost(links, now);
    cr_assert_not(link->done);
    cr_assert_not(link->told);
    now += SERVE_FULL_US;
    cr_assert_eq(ask_next(), link);
    answer(link);
    serve_links_stored(links);
    serve_links_lost(links, now);
    cr_assert(link->done && link->told, "that was on the disk");
}

/* A link that comes anew begins anew. */
Test(serve_links, a_hello_begins_anew)
{
    struct serve_link *link = hello(1, 1);

    cr_assert_eq(ask_next(), link);
    serve_links_grew(links, link, 5, now);
    cr_assert_eq(hello(1, 1), link);
    cr_assert_eq(links->asked_count, 0);
    cr_assert_eq(links->count, 1);
    cr_assert_eq(ask_next(), link);
    cr_assert_eq(link->from, 0);
}
