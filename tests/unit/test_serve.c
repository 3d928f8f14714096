#include "collector/serve.h"

#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct hall hall;
static struct office office;
static struct serve serve;
static struct agent_line *line;

/* An office that was welcomed and has a document due now. */
static void setup(void)
{
    static const struct intake_route route = {{1, 2, 3, 4, 5}};

    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    serve = (struct serve){
        .clock = &hall.clock, .province = hall.province, .agents = hall.agents};
    line = agents_line(hall.agents, 1);
    agents_hear(hall.agents, line, &route);
    line->welcomed = true;
    documents_touch(&line->documents, DOCUMENTS_ALL, hall.now.monotonic_us);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(serve, .init = setup, .fini = teardown);

Test(serve, it_does_not_wait_while_a_live_office_has_something_due)
{
    cr_assert_eq(serve_wait_ms(&serve), 0);
    line->documents.due = 0;
    cr_assert_eq(serve_wait_ms(&serve), SERVE_WAIT_MS_MAX);
    documents_touch(&line->documents, DOCUMENTS_LIVE,
                    hall.now.monotonic_us + 20 * CLOCK_US_PER_MS);
    cr_assert_eq(serve_wait_ms(&serve), 20);
    serve.busy = true;
    cr_assert_eq(serve_wait_ms(&serve), 0);
}

Test(serve, what_is_due_to_an_office_that_is_gone_keeps_nobody_awake)
{
    clock_settable_advance(&hall.now, WIRE_DEAD_US);
    cr_assert_eq(serve_wait_ms(&serve), SERVE_WAIT_MS_MAX);
}

Test(serve, what_is_due_to_a_revoked_office_keeps_nobody_awake)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    control->kind = CONTROL_REVOCATION;
    control->revocation.agent_number = 1;
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    cr_assert_eq(serve_wait_ms(&serve), SERVE_WAIT_MS_MAX);
    free(control);
}

Test(serve, a_document_that_waits_for_room_in_the_queue_is_not_spun_for)
{
    line->documents.sending = true;
    cr_assert_eq(serve_wait_ms(&serve), SERVE_WAIT_MS_MAX);
    line->documents.sending = false;
}
