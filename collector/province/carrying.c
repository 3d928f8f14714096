/* Failure modes: an order that does not fit what is in force here ends the
 * taking, for what follows may rest on it; storage that fails, or a collector
 * that does not answer, too. The same file again goes on where it ended. */
#include "collector/province/carrying.h"

#include "collector/commands/order_words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DIGESTS_STEP 256u

/* ---- sets of documents ---- */

struct known {
    struct digest digest;
    uint64_t number; /* of the order in its file; 0: the genesis */
};

struct digests {
    struct known *items;
    size_t count, room;
};

static enum status digests_add(struct digests *set, const struct digest *digest,
                               uint64_t number)
{
    if (set->count == set->room) {
        size_t room = set->room + set->room / 2 + DIGESTS_STEP;
        struct known *grown = realloc(set->items, room * sizeof *grown);

        if (grown == NULL) {
            return STATUS_MEMORY;
        }
        set->items = grown;
        set->room = room;
    }
    set->items[set->count++] =
        (struct known){.digest = *digest, .number = number};
    return STATUS_OK;
}

static int compare(const void *a, const void *b)
{
    const struct known *left = a;
    const struct known *right = b;

    return memcmp(left->digest.bytes, right->digest.bytes, DIGEST_BYTES);
}

static void digests_sort(struct digests *set)
{
    if (set->count > 0) {
        qsort(set->items, set->count, sizeof set->items[0], compare);
    }
}

/* NULL: it is not among them. */
static const struct known *digests_find(const struct digests *set,
                                        const struct digest *digest)
{
    const struct known wanted = {.digest = *digest};

    return set->count == 0 ? NULL
                           : bsearch(&wanted, set->items, set->count,
                                     sizeof set->items[0], compare);
}

/* ---- taking ---- */

struct carrying_to {
    const struct carrying_target *target;
    struct report *report;
    struct digests here;    /* all control documents of this ledger */
    struct digests carried; /* of the file */
    struct buffer in_force;
    struct carrying_result *result;
};

static enum status list_here(struct writer *writer, struct digests *set)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry = {.index = 0};
    uint64_t index = 0;
    enum status status = ledger_snapshot_open(writer_ledger(writer), &snapshot);

    while (status == STATUS_OK) {
        status = ledger_next_control(snapshot, index, &entry);
        if (status == STATUS_OK) {
            status = digests_add(set, &entry.digest, 0);
        }
        index = entry.index + 1;
    }
    ledger_snapshot_close(&snapshot);
    digests_sort(set);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status list_carried(struct orders_file_reader *file,
                                struct digests *set)
{
    enum orders_file_kind kind;
    struct digest digest;
    struct bytes bytes;
    uint64_t number = 0;
    enum status status = orders_file_again(file);

    while (status == STATUS_OK) {
        status = orders_file_next(file, &kind, &bytes);
        if (status == STATUS_OK && kind == ORDERS_FILE_CONTROL) {
            digest_bytes(bytes, &digest);
            status = digests_add(set, &digest, number++);
        }
    }
    digests_sort(set);
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

/* Whether a later order about the same thing is in force here. Of two in the
 * file, the file knows which; else the moment when each was given says it. */
static enum status is_overtaken(struct carrying_to *to,
                                const struct control *control, bool *overtaken)
{
    struct control *held = NULL;
    const struct known *known;
    struct digest digest;
    enum status status = find_in_force(to, control);

    *overtaken = false;
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return status;
    }
    digest_bytes(buffer_bytes(&to->in_force), &digest);
    known = digests_find(&to->carried, &digest);
    if (known != NULL) {
        *overtaken = known->number > to->result->number;
        return STATUS_OK;
    }
    status = control_open(
        buffer_bytes(&to->in_force),
        context_administrator(writer_context(to->target->writer)), &held);
    *overtaken = status == STATUS_OK && held->created_at > control->created_at;
    control_free(&held);
    return status;
}

static enum status take_new(struct carrying_to *to, struct bytes document)
{
    struct control *control = NULL;
    bool overtaken = false;
    enum status status = control_open(
        document, context_administrator(writer_context(to->target->writer)),
        &control);

    if (status != STATUS_OK) {
        return status;
    }
    to->result->kind = control->kind;
    to->result->agent = order_agent(control);
    if (!carrying_includes(control->kind)) {
        status = STATUS_INVALID;
    } else {
        status = is_overtaken(to, control, &overtaken);
    }
    if (status == STATUS_OK && overtaken) {
        to->result->passed_over++;
    } else if (status == STATUS_OK) {
        status = writer_put(to->target->writer, document, to->report);
        to->result->added += status == STATUS_OK;
    }
    control_free(&control);
    return status;
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
    struct digest digest;
    enum status status = to->target->handing == NULL
                             ? STATUS_OK
                             : handing_flush(to->target->handing);

    if (status != STATUS_OK) {
        return status;
    }
    to->result->number++;
    digest_bytes(document, &digest);
    if (digests_find(&to->here, &digest) != NULL) {
        to->result->known++;
        return STATUS_OK;
    }
    return take_new(to, document);
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
        status = list_carried(file, &to.carried);
    }
    if (status == STATUS_OK) {
        status = take_all(&to, file);
    }
    buffer_fini(&to.in_force);
    free(to.here.items);
    free(to.carried.items);
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
