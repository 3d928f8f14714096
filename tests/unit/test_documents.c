#include "collector/line/documents.h"

#include "collector/figures/tally.h"
#include "common/event/reference.h"
#include "common/format/wire_document.h"
#include "common/format/wire_walk.h"
#include "tests/support/hall.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hall hall;
static struct office office;
static struct documents_line line;
static struct wire_assembly assembly;
static int64_t now;

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    (void)hall_fold(&hall);
    documents_line_init(&line);
    wire_assembly_init(&assembly);
    now = CLOCK_US_PER_S;
}

static void teardown(void)
{
    documents_line_fini(&line);
    wire_assembly_fini(&assembly);
    office_close(&office);
    hall_close(&hall);
}

TestSuite(documents, .init = setup, .fini = teardown);

static struct documents_source source(void)
{
    return (struct documents_source){
        .province = hall.province, .tally = hall.tally, .keys = &hall.keys};
}

static void hello_with(const char *name, const struct digest *digest)
{
    static struct wire_hello hello;

    memset(&hello, 0, sizeof hello);
    if (name != NULL) {
        (void)snprintf(hello.have[0].name, sizeof hello.have[0].name, "%s",
                       name);
        hello.have[0].digest = *digest;
        hello.have_count = 1;
    }
    documents_hello(&line, &hello);
}

/* Takes the next document as an office would; its name, or NULL for none. The
 * body is valid until the next call. */
static const char *take(bool zstd, struct bytes *body)
{
    struct documents_source from = source();
    struct documents_order order;
    struct documents_made made;
    struct wire_piece piece;
    enum status status;
    static char name[WIRE_NAME_MAX];

    while (!line.sending && documents_take(&line, office.number, DOCUMENTS_ALL,
                                           zstd, now, &order)) {
        cr_assert_eq(documents_make(&from, &order, &made), STATUS_OK);
        documents_send(&line, &order, &made);
    }
    if (!line.sending) {
        return NULL;
    }
    do {
        wire_document_piece(&line.document, line.offset, &piece);
        line.offset += piece.piece.size;
        status = wire_assembly_add(&assembly, &piece,
                                   &hall.keys.ledger.public_key, body);
    } while (status == STATUS_AGAIN);
    cr_assert_eq(status, STATUS_OK);
    memcpy(name, line.document.name, sizeof name);
    documents_sent(&line, now);
    return name;
}

Test(documents, an_office_that_has_nothing_gets_everything_once)
{
    static const char *const names[] = {
        WIRE_DOCUMENT_GENESIS,   WIRE_DOCUMENT_PLAN,   WIRE_DOCUMENT_UNITS,
        WIRE_DOCUMENT_ENROLMENT, WIRE_DOCUMENT_JOINED, WIRE_DOCUMENT_REGISTERS,
        WIRE_DOCUMENT_OUTCOMES};
    struct bytes body;

    hello_with(NULL, NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        cr_assert_str_eq(take(true, &body), names[i]);
    }
    cr_assert_null(take(true, &body));
    /* Looked at again, nothing has changed. */
    documents_touch(&line, DOCUMENTS_ALL, now);
    cr_assert_null(take(true, &body));
}

/* One more plan, or another revision of one, under that id. */
static void order_plan(const char *id, uint32_t revision)
{
    static const char small[] = "plan: %s\n"
                                "title: {vi: Thử, en: Trial}\n"
                                "period: {from: 2019-01-01, to: 2019-12-31}\n"
                                "unit: gso3:90\n"
                                "programme: prostitution\n"
                                "regimes: [{regime: calendar}]\n"
                                "indicators: []\n"
                                "targets: []\n";
    struct control *control = calloc(1, sizeof *control);
    char text[512];

    cr_assert_not_null(control);
    (void)snprintf(text, sizeof text, small, id);
    control->kind = CONTROL_PLAN;
    control->files.revision = revision;
    control->files.file_count = 1;
    control->files.files[0].content = bytes_of_text(text);
    (void)snprintf(control->files.id, CONTROL_NAME_MAX, "%s", id);
    (void)snprintf(control->files.files[0].name, CONTROL_NAME_MAX, "p.yaml");
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    free(control);
}

Test(documents, every_plan_comes_down_under_a_name_of_its_own)
{
    struct bytes body;

    hello_with(NULL, NULL);
    while (take(true, &body) != NULL) {
        continue;
    }
    order_plan("thu-2019", 1);
    documents_touch(&line, DOCUMENTS_CONTROL, now);
    cr_assert_str_eq(take(true, &body), "plan-2");
    cr_assert_null(take(true, &body));
    /* Another revision is sent under the same name, and it alone. */
    order_plan("thu-2019", 2);
    order_plan("thu-2020", 1);
    documents_touch(&line, DOCUMENTS_CONTROL, now);
    cr_assert_str_eq(take(true, &body), "plan-2");
    cr_assert_str_eq(take(true, &body), "plan-3");
    cr_assert_null(take(true, &body));
}

Test(documents, control_documents_come_down_as_the_administrator_signed_them)
{
    struct control *control = NULL;
    struct bytes body;

    hello_with(NULL, NULL);
    cr_assert_str_eq(take(false, &body), WIRE_DOCUMENT_GENESIS);
    cr_assert_str_eq(take(false, &body), WIRE_DOCUMENT_PLAN);
    cr_assert_eq(
        control_open(body, &hall.keys.administrator.public_key, &control),
        STATUS_OK);
    cr_assert_eq(control->kind, CONTROL_PLAN);
    control_free(&control);
}

Test(documents, what_an_office_has_is_not_sent_again)
{
    struct bytes body;
    struct digest digest;

    hello_with(NULL, NULL);
    cr_assert_str_eq(take(true, &body), WIRE_DOCUMENT_GENESIS);
    digest_bytes(body, &digest);
    hello_with(WIRE_DOCUMENT_GENESIS, &digest);
    cr_assert_str_eq(take(true, &body), WIRE_DOCUMENT_PLAN);
}

static void take_all(void)
{
    struct bytes body;

    hello_with(NULL, NULL);
    while (take(true, &body) != NULL) {
        continue;
    }
}

/* An event whose team nobody has declared. */
static void send_unknown_value(void)
{
    struct event event;
    struct admit_answer answer;

    office_visit(&office, 1, &event);
    event_set(&event, 2, 10001);
    answer = hall_send(&hall, &office, office_seal(&office, &event, 1));
    cr_assert(answer.appended);
    (void)hall_fold(&hall);
}

Test(documents, i6_an_event_that_does_not_count_is_told_with_its_reason)
{
    struct wire_outcome outcome;
    struct wire_walk walk;
    struct bytes body;

    take_all();
    send_unknown_value();
    documents_touch(&line, DOCUMENTS_LIVE, now);
    cr_assert_str_eq(take(true, &body), WIRE_DOCUMENT_OUTCOMES);
    wire_walk_init(&walk, body);
    cr_assert_eq(wire_walk_outcome(&walk, &outcome), STATUS_OK);
    cr_assert_eq(outcome.event, id60_make(1, 1, 1));
    cr_assert_eq(outcome.outcome, FOLD_UNKNOWN_VALUE);
    cr_assert_eq(outcome.value, 10001);
    cr_assert_eq(wire_walk_outcome(&walk, &outcome), STATUS_NOT_FOUND);
    cr_assert_eq(walk.total, 1);
}

/* One more than come down. */
static void send_too_many_unknown_values(void)
{
    struct event *events = calloc(DOCUMENTS_OUTCOMES_MAX + 1u, sizeof *events);
    struct admit_answer answer;

    cr_assert_not_null(events);
    for (uint32_t i = 0; i <= DOCUMENTS_OUTCOMES_MAX; i++) {
        office_visit(&office, i + 1, &events[i]);
        event_set(&events[i], 2, 10001);
    }
    answer =
        hall_send(&hall, &office,
                  office_seal(&office, events, DOCUMENTS_OUTCOMES_MAX + 1u));
    cr_assert(answer.appended);
    (void)hall_fold(&hall);
    free(events);
}

Test(documents, i11_of_too_many_outcomes_the_newest_come_down)
{
    struct wire_outcome outcome;
    struct wire_walk walk;
    struct bytes body;

    take_all();
    send_too_many_unknown_values();
    documents_touch(&line, 1u << DOCUMENTS_OUTCOMES, now);
    cr_assert_str_eq(take(true, &body), WIRE_DOCUMENT_OUTCOMES);
    wire_walk_init(&walk, body);
    cr_assert_eq(wire_walk_outcome(&walk, &outcome), STATUS_OK);
    cr_assert_eq(outcome.event, id60_make(1, 1, 2));
    while (wire_walk_outcome(&walk, &outcome) == STATUS_OK) {
        continue;
    }
    cr_assert_eq(walk.given, DOCUMENTS_OUTCOMES_MAX);
    cr_assert_eq(walk.total, DOCUMENTS_OUTCOMES_MAX + 1u);
}

/* A receipt must not lie behind one large document after the other. */
Test(documents, i11_large_ones_leave_a_slow_line_to_receipts)
{
    struct bytes body;
    int64_t rest;

    take_all();
    send_too_many_unknown_values();
    documents_touch(&line, 1u << DOCUMENTS_OUTCOMES, now);
    cr_assert_str_eq(take(false, &body), WIRE_DOCUMENT_OUTCOMES);
    cr_assert_gt(body.size, DOCUMENTS_BYTES_A_SECOND);
    rest = (int64_t)(body.size * CLOCK_US_PER_S / DOCUMENTS_BYTES_A_SECOND);
    documents_touch(&line, DOCUMENTS_LIVE, now);
    cr_assert_eq(documents_due_at(&line), now, "another kind need not wait");
    cr_assert_null(take(false, &body), "the registers have not changed");
    cr_assert_eq(documents_due_at(&line), now + rest);
    /* A new link begins anew: its hello says what is there. */
    hello_with(NULL, NULL);
    cr_assert_eq(documents_due_at(&line), 0);
}

Test(documents, nothing_is_made_before_its_time)
{
    struct bytes body;

    take_all();
    send_unknown_value();
    documents_touch(&line, DOCUMENTS_LIVE, now + DOCUMENTS_PAUSE_US);
    cr_assert_null(take(true, &body));
    cr_assert_eq(documents_due_at(&line), now + DOCUMENTS_PAUSE_US);
    /* An earlier wish wins over a later one, and not the reverse. */
    documents_touch(&line, DOCUMENTS_LIVE, now + 2 * DOCUMENTS_PAUSE_US);
    cr_assert_eq(documents_due_at(&line), now + DOCUMENTS_PAUSE_US);
    now += DOCUMENTS_PAUSE_US;
    cr_assert_str_eq(take(true, &body), WIRE_DOCUMENT_OUTCOMES);
    cr_assert_eq(documents_due_at(&line), INT64_MAX);
}
