/* Failure modes: an order that does not fit what is in force here is left out,
 * and what follows about the same office, for that may rest on it. Storage that
 * fails, or a collector that does not answer, ends the taking; the same file
 * again goes on where it ended. */
#include "collector/province/carrying.h"

#include "collector/commands/order_words.h"
#include "collector/province/document_set.h"
#include "common/base/clock.h"
#include "common/base/id_map.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* Why orders about an agent are left out. */
enum unfit {
    UNFIT_OTHER_OFFICE = 1, /* both ledgers have given its number */
    UNFIT_ORDER
};

struct carrying_to {
    const struct carrying_target *target;
    struct report *report;
    struct document_set here;    /* all control documents of this ledger */
    struct document_set carried; /* of the file */
    struct id_map enrolled;      /* agents that the file has enrolled so far */
    struct id_map revoked;       /* agents that the file revokes in the end */
    struct id_map unfit;         /* agents of which an order did not fit: why */
    struct buffer in_force;
    struct carrying_result *result;
};

static enum status list_here(struct writer *writer, struct document_set *set)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry = {.index = 0};
    uint64_t index = 0;
    enum status status = ledger_snapshot_open(writer_ledger(writer), &snapshot);

    while (status == STATUS_OK) {
        status = ledger_next_control(snapshot, index, &entry);
        if (status == STATUS_OK) {
            status = document_set_add(set, &entry.digest, 0);
        }
        index = entry.index + 1;
    }
    ledger_snapshot_close(&snapshot);
    document_set_sort(set);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status note_carried(struct carrying_to *to, struct bytes document,
                                uint64_t number)
{
    struct control *control = NULL;
    struct digest digest;
    enum status status = control_open(
        document, context_administrator(writer_context(to->target->writer)),
        &control);

    if (status == STATUS_OK && control->kind == CONTROL_REVOCATION) {
        status = id_map_put(&to->revoked,
                            (uint64_t)control->revocation.agent_number + 1, 1);
    }
    if (status == STATUS_OK) {
        digest_bytes(document, &digest);
        status = document_set_add(&to->carried, &digest, number);
    }
    control_free(&control);
    return status;
}

static enum status list_carried(struct orders_file_reader *file,
                                struct carrying_to *to)
{
    enum orders_file_kind kind;
    struct bytes bytes;
    uint64_t number = 0;
    enum status status = orders_file_again(file);

    while (status == STATUS_OK) {
        status = orders_file_next(file, &kind, &bytes);
        if (status == STATUS_OK && kind == ORDERS_FILE_CONTROL) {
            status = note_carried(to, bytes, number++);
        }
    }
    document_set_sort(&to->carried);
    return status == STATUS_NOT_FOUND ? orders_file_again(file) : status;
}

/* The document in force here about what `control` is about. STATUS_NOT_FOUND:
 * there is none, or orders of its kind do not replace each other. */
static enum status find_in_force(struct carrying_to *to,
                                 const struct control *control)
{
    buffer_clear(&to->in_force);
    switch (control->kind) {
    case CONTROL_PLAN:
        return writer_plan_document(to->target->writer, control->files.id,
                                    &to->in_force);
    case CONTROL_UNITS:
    case CONTROL_VOCABULARY:
    case CONTROL_ENROLMENT:
        return writer_document(to->target->writer, control->kind,
                               order_agent(control), &to->in_force);
    default:
        return STATUS_NOT_FOUND;
    }
}

/* Whether a later order about the same thing is in force here, and that order
 * (may be NULL). Of two in the file, the file knows which is later; else the
 * moment when each was given says it. */
static enum status is_overtaken(struct carrying_to *to,
                                const struct control *control, bool *overtaken,
                                struct control **held)
{
    const struct document_place *known;
    struct digest digest;
    enum status status = find_in_force(to, control);

    *overtaken = false;
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = control_open(
            buffer_bytes(&to->in_force),
            context_administrator(writer_context(to->target->writer)), held);
    }
    if (status != STATUS_OK) {
        return status;
    }
    digest_bytes(buffer_bytes(&to->in_force), &digest);
    known = document_set_find(&to->carried, &digest);
    *overtaken = known != NULL ? known->number > to->result->number
                               : (*held)->created_at > control->created_at;
    return STATUS_OK;
}

/* ---- one office ---- */

/* Keys of the maps, which are never 0; the province itself is agent 0. */
static uint64_t key_of(const struct control *control)
{
    return (uint64_t)order_agent(control) + 1;
}

/* Whether both ledgers have given this number, each to an office of its own:
 * the file's first enrolment of it is not the one that is here. */
static enum status is_given_twice(struct carrying_to *to,
                                  const struct control *control, bool is_here,
                                  bool *twice)
{
    uint64_t key = key_of(control);

    *twice = false;
    if (control->kind != CONTROL_ENROLMENT ||
        id_map_get(&to->enrolled, key) != ID_MAP_NONE) {
        return STATUS_OK;
    }
    *twice = !is_here && context_agent(writer_context(to->target->writer),
                                       order_agent(control)) != NULL;
    return id_map_put(&to->enrolled, key, 1);
}

/* What follows about the same office may rest on it. */
static enum status leave_out(struct carrying_to *to,
                             const struct control *control, enum unfit why)
{
    const struct entry entry = {.kind = ENTRY_CONTROL};
    enum status status = id_map_put(&to->unfit, key_of(control), (uint32_t)why);

    if (why == UNFIT_OTHER_OFFICE &&
        id_map_get(&to->revoked, key_of(control)) != ID_MAP_NONE) {
        to->result->passed_over++; /* there is nobody to take it for */
        return status;
    }
    report_add(to->report, REPORT_ERROR, NULL, 0, 0,
               "lệnh %" PRIu64 " (%s, trạm %" PRIu32
               "): không hợp với những gì đang có hiệu lực ở đây, chưa được "
               "lấy",
               "order %" PRIu64 " (%s, agent %" PRIu32
               "): does not fit what is in force here, and was not taken",
               to->result->number,
               order_title(&entry, control, to->report->language),
               order_agent(control));
    to->result->unfit++;
    return status;
}

/* Another one's clock must not make its orders hold for ever. */
static bool is_of_the_future(const struct carrying_to *to,
                             const struct control *control)
{
    return control->created_at > to->target->now + CLOCK_US_PER_DAY &&
           control->kind <= CONTROL_ENROLMENT;
}

/* The later enrolment once more, behind an earlier one that was taken. */
static enum status compose_again(void *owner, const struct context *context,
                                 struct control controls[], size_t *count)
{
    const struct control *held = owner;

    (void)context;
    controls[0].kind = CONTROL_ENROLMENT;
    controls[0].enrolment = held->enrolment;
    controls[0].enrolment.join_until = 0;
    controls[0].enrolment.rotates = false;
    controls[0].enrolment.again = false;
    memset(&controls[0].enrolment.join_key, 0,
           sizeof controls[0].enrolment.join_key);
    *count = 1;
    return STATUS_OK;
}

/* An earlier enrolment gives its office a key to join with, which may have been
 * used since: the key holds, and what the later one says of the office. */
static bool must_be_taken(const struct carrying_to *to,
                          const struct control *control,
                          const struct control *held)
{
    const struct context_agent *agent =
        context_agent(writer_context(to->target->writer), order_agent(control));

    return control->kind == CONTROL_ENROLMENT &&
           control->enrolment.join_until != 0 &&
           held->enrolment.join_until == 0 && agent != NULL && !agent->may_join;
}

static enum status put_and_hold(struct carrying_to *to, struct bytes document,
                                struct control *held)
{
    const struct writer_order again = {.owner = held, .compose = compose_again};
    enum status status = writer_put(to->target->writer, document, to->report);

    if (status == STATUS_OK) {
        to->result->added++;
        status = writer_order(to->target->writer, &again, to->report);
    }
    return status;
}

/* ---- an order ---- */

static enum status put(struct carrying_to *to, const struct control *control,
                       struct bytes document)
{
    struct control *held = NULL;
    bool overtaken = false;
    enum status status = is_overtaken(to, control, &overtaken, &held);

    if (status == STATUS_OK && overtaken && must_be_taken(to, control, held)) {
        status = put_and_hold(to, document, held);
    } else if (status == STATUS_OK && overtaken) {
        to->result->passed_over++;
    } else if (status == STATUS_OK) {
        status = writer_put(to->target->writer, document, to->report);
        to->result->added += status == STATUS_OK;
    }
    control_free(&held);
    return status;
}

static enum status take_opened(struct carrying_to *to,
                               const struct control *control,
                               struct bytes document)
{
    struct digest digest;
    uint32_t unfit;
    bool is_here;
    bool twice = false;
    enum status status;

    digest_bytes(document, &digest);
    is_here = document_set_find(&to->here, &digest) != NULL;
    status = is_given_twice(to, control, is_here, &twice);
    if (status != STATUS_OK) {
        return status;
    }
    if (is_here) {
        to->result->known++;
        return STATUS_OK;
    }
    unfit = id_map_get(&to->unfit, key_of(control));
    if (twice || unfit == UNFIT_OTHER_OFFICE) {
        return leave_out(to, control, UNFIT_OTHER_OFFICE);
    }
    if (!carrying_includes(control->kind) || is_of_the_future(to, control) ||
        (unfit != ID_MAP_NONE && control->kind != CONTROL_REVOCATION)) {
        return leave_out(to, control, UNFIT_ORDER);
    }
    status = put(to, control, document);
    return status == STATUS_INVALID ? leave_out(to, control, UNFIT_ORDER)
                                    : status;
}

/* STATUS_BUSY: nobody is there who takes batches. */
static enum status take_batch(struct carrying_to *to, struct bytes batch)
{
    return to->target->handing == NULL
               ? STATUS_BUSY
               : handing_put(to->target->handing, batch);
}

/* What follows a batch may rest on its being there. */
static enum status take_order(struct carrying_to *to, struct bytes document)
{
    struct control *control = NULL;
    enum status status = to->target->handing == NULL
                             ? STATUS_OK
                             : handing_flush(to->target->handing);

    if (status == STATUS_OK) {
        to->result->number++;
        status = control_open(
            document, context_administrator(writer_context(to->target->writer)),
            &control);
    }
    if (status == STATUS_OK) {
        status = take_opened(to, control, document);
    }
    control_free(&control);
    return status;
}

static enum status take_all(struct carrying_to *to,
                            struct orders_file_reader *file)
{
    enum orders_file_kind kind;
    struct bytes bytes;
    /* The first one is the genesis of the other ledger. */
    enum status status = orders_file_next(file, &kind, &bytes);

    while (status == STATUS_OK) {
        status = orders_file_next(file, &kind, &bytes);
        if (status == STATUS_OK) {
            status = kind == ORDERS_FILE_BATCH ? take_batch(to, bytes)
                                               : take_order(to, bytes);
        }
    }
    if (status == STATUS_NOT_FOUND) {
        status = to->target->handing == NULL
                     ? STATUS_OK
                     : handing_flush(to->target->handing);
    }
    return status;
}

enum status carrying_take(struct orders_file_reader *file,
                          const struct carrying_target *target,
                          struct report *report, struct carrying_result *result)
{
    struct carrying_to to = {
        .target = target, .report = report, .result = result};
    enum status status;

    memset(result, 0, sizeof *result);
    buffer_init(&to.in_force, CONTROL_BYTES_MAX);
    status = list_here(target->writer, &to.here);
    if (status == STATUS_OK) {
        status = list_carried(file, &to);
    }
    if (status == STATUS_OK) {
        status = take_all(&to, file);
    }
    buffer_fini(&to.in_force);
    document_set_fini(&to.here);
    document_set_fini(&to.carried);
    id_map_fini(&to.enrolled);
    id_map_fini(&to.revoked);
    id_map_fini(&to.unfit);
    return status;
}

enum status carrying_genesis(struct orders_file_reader *file,
                             const struct public_key *administrator,
                             struct control_genesis *genesis)
{
    struct control *control = NULL;
    enum orders_file_kind kind;
    struct bytes bytes;
    enum status status = orders_file_again(file);

    if (status == STATUS_OK) {
        status = orders_file_next(file, &kind, &bytes);
    }
    if (status == STATUS_OK) {
        status = control_open(bytes, administrator, &control);
    }
    if (status == STATUS_OK && control->kind == CONTROL_GENESIS) {
        *genesis = control->genesis;
    } else if (status == STATUS_OK || status == STATUS_NOT_FOUND ||
               status == STATUS_REFUSED) {
        status = STATUS_INVALID;
    }
    control_free(&control);
    return status;
}
