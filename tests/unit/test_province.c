#include "collector/province/province.h"

#include "tests/support/hall.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct hall hall;
static struct office office;

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    (void)province_take_changes(hall.province);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(province, .init = setup, .fini = teardown);

static struct control *revocation(uint32_t agent)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    control->kind = CONTROL_REVOCATION;
    control->revocation.agent_number = agent;
    return control;
}

static uint64_t index_of(enum control_kind kind, uint32_t agent)
{
    uint64_t index = UINT64_MAX;
    enum status status = province_find(hall.province, kind, agent, &index);

    cr_assert(status == STATUS_OK || status == STATUS_NOT_FOUND);
    return status == STATUS_OK ? index : UINT64_MAX;
}

Test(province, an_order_is_in_force_and_durable)
{
    struct control *control = revocation(1);

    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    cr_assert(context_agent(province_context(hall.province), 1)->revoked);
    hall_reopen(&hall, 0);
    cr_assert(context_agent(province_context(hall.province), 1)->revoked);
    free(control);
}

Test(province, i5_an_order_that_contradicts_leaves_no_trace)
{
    struct control *control = revocation(99);
    uint64_t size = hall_size(&hall);
    uint64_t position = province_position(hall.province);

    cr_assert_eq(hall_order(&hall, control), STATUS_INVALID);
    cr_assert_eq(hall_size(&hall), size);
    cr_assert_eq(province_position(hall.province), position);
    cr_assert(context_agent(province_context(hall.province), 1)->joined);
    free(control);
}

Test(province, i5_of_several_orders_all_are_taken_or_none)
{
    struct control *controls[] = {revocation(1), revocation(99)};
    struct buffer signed_documents[2];
    struct bytes documents[2];
    struct entry entries[2];
    struct report report;
    uint64_t size = hall_size(&hall);

    report_init(&report, LANGUAGE_EN);
    for (size_t i = 0; i < 2; i++) {
        buffer_init(&signed_documents[i], CONTROL_BYTES_MAX);
        random_id_make(&controls[i]->nonce);
        cr_assert_eq(control_sign(controls[i], &hall.keys.administrator,
                                  &signed_documents[i]),
                     STATUS_OK);
        documents[i] = buffer_bytes(&signed_documents[i]);
    }
    cr_assert_eq(province_order(hall.province, documents, 2, &report, entries),
                 STATUS_INVALID);
    cr_assert_eq(hall_size(&hall), size);
    cr_assert_not(context_agent(province_context(hall.province), 1)->revoked);
    for (size_t i = 0; i < 2; i++) {
        buffer_fini(&signed_documents[i]);
        free(controls[i]);
    }
    report_fini(&report);
}

Test(province, an_order_by_another_key_is_refused)
{
    struct control *control = revocation(1);
    struct sign_keys right = hall.keys.administrator;
    uint64_t size = hall_size(&hall);

    sign_keys_make(&hall.keys.administrator);
    cr_assert_eq(hall_order(&hall, control), STATUS_REFUSED);
    cr_assert_eq(hall_size(&hall), size);
    hall.keys.administrator = right;
    free(control);
}

Test(province, what_is_in_force_is_found_by_kind_and_agent)
{
    cr_assert_eq(index_of(CONTROL_GENESIS, 0), 0);
    cr_assert_eq(index_of(CONTROL_UNITS, 0), 1);
    cr_assert_eq(index_of(CONTROL_PLAN, 0), 2);
    cr_assert_eq(index_of(CONTROL_VOCABULARY, 0), UINT64_MAX);
    cr_assert_eq(index_of(CONTROL_ENROLMENT, 1), 3);
    cr_assert_eq(index_of(CONTROL_JOINED, 1), 4);
    cr_assert_eq(index_of(CONTROL_JOINED, 2), UINT64_MAX);
    cr_assert_eq(index_of(CONTROL_JOINED, 1000), UINT64_MAX);
}

Test(province, i4_the_context_is_that_of_the_ledger_opened_again)
{
    uint64_t position = province_position(hall.province);

    hall_reopen(&hall, 0);
    cr_assert_eq(province_position(hall.province), position);
    cr_assert_eq(index_of(CONTROL_JOINED, 1), 4);
    cr_assert_eq(province_take_changes(hall.province),
                 (unsigned)(CONTEXT_CHANGED_KEYS | CONTEXT_CHANGED_FIGURES |
                            CONTEXT_CHANGED_BACKUP));
    cr_assert_eq(province_take_changes(hall.province), 0);
}

/* A stolen key must not stay in force because the disk is full. */
/* Ends the office's first epoch at `end`; gives what changes. */
static unsigned end_epoch(uint64_t end)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    control->kind = CONTROL_EPOCH_OPENED;
    control->epoch = (struct control_epoch){.agent_number = 1,
                                            .epoch_ordinal = 2,
                                            .previous = office.next.epoch,
                                            .previous_next_seq = end};
    control->epoch.epoch.bytes[0] = 2;
    (void)province_take_changes(hall.province);
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    free(control);
    return province_take_changes(hall.province);
}

/* Where the epoch ends is what another collector of the province says, which
 * had received less of it. */
Test(province, i4_figures_change_where_an_epoch_has_more_than_its_end)
{
    (void)hall_send(&hall, &office, office_batch(&office));
    (void)hall_send(&hall, &office, office_batch(&office));
    cr_assert_eq(end_epoch(2),
                 (unsigned)(CONTEXT_CHANGED_KEYS | CONTEXT_CHANGED_FIGURES));
    cr_assert_eq(province_figures(hall.province), hall_size(&hall));
}

Test(province, figures_stay_where_an_epoch_ends_with_what_was_received)
{
    uint64_t before = province_figures(hall.province);

    (void)hall_send(&hall, &office, office_batch(&office));
    (void)hall_send(&hall, &office, office_batch(&office));
    cr_assert_eq(end_epoch(3), (unsigned)CONTEXT_CHANGED_KEYS);
    cr_assert_eq(province_figures(hall.province), before);
}

Test(province, i6_an_administrators_order_uses_the_reserve_of_a_full_ledger)
{
    struct control *control = revocation(1);
    struct office second;
    struct wire_up up;
    struct wire_down down;

    office_open(&second, 2);
    hall_enrol(&hall, &second);
    hall_reopen(&hall, UINT64_C(1) << 20);
    while (hall_send(&hall, &office, office_batch(&office)).appended) {
        continue;
    }
    up = office_join(&second);
    down = hall_request(&hall, &second.join_keys.public_key, &up);
    cr_assert_eq(down.kind, WIRE_DOWN_REFUSAL);
    cr_assert_eq(down.refusal.code, WIRE_REFUSAL_FULL);
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    cr_assert(context_agent(province_context(hall.province), 1)->revoked);
    office_close(&second);
    free(control);
}
