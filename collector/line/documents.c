#include "collector/line/documents.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/wire_document.h"
#include "common/format/wire_walk.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum control_kind control; /* 0: made from the fold */
    bool own;                  /* of the agent, not of the province */
} kinds[] = {
    [DOCUMENTS_GENESIS] = {WIRE_DOCUMENT_GENESIS, CONTROL_GENESIS, false},
    [DOCUMENTS_UNITS] = {WIRE_DOCUMENT_UNITS, CONTROL_UNITS, false},
    [DOCUMENTS_VOCABULARY] = {WIRE_DOCUMENT_VOCABULARY, CONTROL_VOCABULARY,
                              false},
    [DOCUMENTS_ENROLMENT] = {WIRE_DOCUMENT_ENROLMENT, CONTROL_ENROLMENT, true},
    [DOCUMENTS_JOINED] = {WIRE_DOCUMENT_JOINED, CONTROL_JOINED, true},
    [DOCUMENTS_BACKUP] = {.name = WIRE_DOCUMENT_BACKUP},
    [DOCUMENTS_REGISTERS] = {.name = WIRE_DOCUMENT_REGISTERS},
    [DOCUMENTS_OUTCOMES] = {.name = WIRE_DOCUMENT_OUTCOMES},
};

_Static_assert(CONTEXT_PLANS_MAX == WIRE_PLANS_MAX, "each plan has a name");
_Static_assert(DOCUMENTS_KIND_END < 32, "a bit for each kind");

static bool is_plan(unsigned kind)
{
    return kind >= DOCUMENTS_PLAN && kind < DOCUMENTS_UNITS;
}

static const char *name_of(unsigned kind)
{
    return is_plan(kind) ? wire_document_plans[kind - DOCUMENTS_PLAN]
                         : kinds[kind].name;
}

void documents_line_init(struct documents_line *line)
{
    memset(line, 0, sizeof *line);
}

void documents_line_fini(struct documents_line *line)
{
    if (line->sending) {
        wire_document_fini(&line->document);
    }
    line->sending = false;
}

void documents_hello(struct documents_line *line,
                     const struct wire_hello *hello)
{
    documents_line_fini(line);
    documents_line_init(line); /* what is being made is of no use any more */
    line->due = DOCUMENTS_ALL;
    for (size_t i = 0; i < hello->have_count; i++) {
        for (size_t k = 0; k < DOCUMENTS_KIND_END; k++) {
            if (strcmp(hello->have[i].name, name_of((unsigned)k)) == 0) {
                line->has[k] = true;
                line->digest[k] = hello->have[i].digest;
            }
        }
    }
}

void documents_touch(struct documents_line *line, unsigned touched,
                     int64_t not_before)
{
    for (unsigned k = 0; k < DOCUMENTS_KIND_END; k++) {
        unsigned bit = 1u << k;

        if ((touched & bit) == 0) {
            continue;
        }
        if ((line->due & bit) == 0 || not_before < line->not_before[k]) {
            line->not_before[k] = not_before;
        }
        line->due |= bit;
    }
}

static int64_t ready_at(const struct documents_line *line, unsigned kind)
{
    return line->not_before[kind] > line->rests_until[kind]
               ? line->not_before[kind]
               : line->rests_until[kind];
}

/* Receipts come behind what was sent before them: a slow line is left to them
 * for most of the time. */
void documents_sent(struct documents_line *line, int64_t now)
{
    check(line->sending);
    if ((DOCUMENTS_LIVE & 1u << line->kind) != 0 &&
        line->document.packed.size > DOCUMENTS_BYTES_A_SECOND) {
        line->rests_until[line->kind] =
            now + (int64_t)(line->document.packed.size * CLOCK_US_PER_S /
                            DOCUMENTS_BYTES_A_SECOND);
    }
    line->has[line->kind] = true;
    line->digest[line->kind] = line->document.digest;
    documents_line_fini(line);
}

int64_t documents_due_at(const struct documents_line *line)
{
    int64_t at = INT64_MAX;

    for (unsigned k = 0; k < DOCUMENTS_KIND_END; k++) {
        if ((line->due & 1u << k) != 0 && ready_at(line, k) < at) {
            at = ready_at(line, k);
        }
    }
    return at;
}

/* ---- bodies ---- */

static enum status registers_body(const struct documents_source *source,
                                  const struct context_agent *agent,
                                  struct buffer *out)
{
    size_t left_out = 0;
    enum status status;

    status = registers_slice(
        tally_registers(source->tally), tally_fold(source->tally),
        province_context(source->province), agent, out, &left_out);
    if (left_out != 0) {
        log_warning("slice of the registers is too large",
                    log_number("agent", agent->number),
                    log_number("left_out", (int64_t)left_out));
    }
    return status;
}

/* Of more than DOCUMENTS_OUTCOMES_MAX the newest. The body does not name the
 * ledger position, so that it stays the same while nothing changes. */
static enum status outcomes_body(const struct documents_source *source,
                                 const struct context_agent *agent,
                                 struct buffer *out)
{
    const struct fold *fold = tally_fold(source->tally);
    size_t total = fold_results(fold, agent->number, NULL, 0);
    size_t first =
        total > DOCUMENTS_OUTCOMES_MAX ? total - DOCUMENTS_OUTCOMES_MAX : 0;
    struct fold_result *results = calloc(total + 1, sizeof *results);
    struct wire_outcome *items = calloc(total - first + 1, sizeof *items);
    struct wire_outcomes outcomes = {.items = items, .total = total};
    enum status status = STATUS_MEMORY;

    if (results == NULL || items == NULL) {
        goto out;
    }
    check(fold_results(fold, agent->number, results, total) == total);
    for (size_t i = first; i < total; i++) {
        items[outcomes.count++] =
            (struct wire_outcome){.event = results[i].event,
                                  .outcome = (uint32_t)results[i].outcome,
                                  .field = results[i].field,
                                  .rule = results[i].rule,
                                  .value = results[i].value,
                                  .other = results[i].other};
    }
    status = wire_pack_outcomes(&outcomes, out);
out:
    free(results);
    free(items);
    return status;
}

static enum status plan_body(const struct documents_source *source,
                             enum documents_kind kind, struct buffer *out,
                             uint64_t *index)
{
    const struct context_plan *plan = context_plan_at(
        province_context(source->province), (size_t)(kind - DOCUMENTS_PLAN));

    if (plan == NULL) {
        return STATUS_NOT_FOUND;
    }
    *index = plan->index + 1;
    return province_entry_document(source->province, plan->index, out);
}

static enum status backup_body(const struct documents_source *source,
                               struct buffer *out, uint64_t *index)
{
    const struct context_backup *backup =
        context_backup(province_context(source->province));

    if (backup == NULL) {
        return STATUS_NOT_FOUND;
    }
    *index = backup->index + 1;
    return province_entry_document(source->province, backup->index, out);
}

static enum status body_of(const struct documents_source *source,
                           const struct context_agent *agent,
                           enum documents_kind kind, struct buffer *out,
                           uint64_t *index)
{
    enum status status;

    if ((1u << kind & DOCUMENTS_LIVE) != 0) {
        check(source->tally != NULL);
        *index = tally_position(source->tally);
    }
    switch (kind) {
    case DOCUMENTS_REGISTERS:
        return registers_body(source, agent, out);
    case DOCUMENTS_OUTCOMES:
        return outcomes_body(source, agent, out);
    case DOCUMENTS_BACKUP:
        return backup_body(source, out, index);
    default:
        if (is_plan(kind)) {
            return plan_body(source, kind, out, index);
        }
        status =
            province_document(source->province, kinds[kind].control,
                              kinds[kind].own ? agent->number : 0, out, index);
        *index += 1; /* it is in force in a ledger of so many entries */
        return status;
    }
}

/* The body in the form in which it travels, unless the office has it. */
static enum status pack(const struct documents_source *source,
                        const struct documents_order *order, struct bytes body,
                        uint64_t index, struct documents_made *made)
{
    struct digest digest;
    enum status status;

    digest_bytes(body, &digest);
    if (order->has && digest_equal(&digest, &order->digest)) {
        return STATUS_OK;
    }
    status = wire_document_make(&made->document, name_of(order->kind), index,
                                body, order->zstd, &source->keys->ledger);
    made->changed = status == STATUS_OK;
    return status;
}

enum status documents_make(const struct documents_source *source,
                           const struct documents_order *order,
                           struct documents_made *made)
{
    const struct context_agent *agent =
        context_agent(province_context(source->province), order->agent);
    struct buffer body;
    uint64_t index = 0;
    enum status status;

    memset(made, 0, sizeof *made);
    if (agent == NULL) {
        return STATUS_OK; /* the source is not so far yet */
    }
    buffer_init(&body, CONTROL_BYTES_MAX);
    status = body_of(source, agent, order->kind, &body, &index);
    if (status == STATUS_OK) {
        status = pack(source, order, buffer_bytes(&body), index, made);
    }
    if (status == STATUS_FULL || status == STATUS_INVALID) {
        made->too_large = true;
        status = STATUS_OK;
    }
    buffer_fini(&body);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status; /* none yet */
}

void documents_made_fini(struct documents_made *made)
{
    if (made->changed) {
        wire_document_fini(&made->document);
    }
    made->changed = false;
}

void documents_send(struct documents_line *line,
                    const struct documents_order *order,
                    struct documents_made *made)
{
    check(!line->sending);
    if (made->too_large && !line->too_large[order->kind]) {
        log_error("document is too large to be sent",
                  log_number("agent", order->agent),
                  log_text("document", name_of(order->kind)));
    }
    line->too_large[order->kind] = made->too_large;
    if (made->changed) {
        line->sending = true;
        line->kind = order->kind;
        line->document = made->document;
        line->offset = 0;
    }
    made->changed = false;
}

bool documents_take(struct documents_line *line, uint32_t agent,
                    unsigned wanted, bool zstd, int64_t now,
                    struct documents_order *order)
{
    for (unsigned k = 0; k < DOCUMENTS_KIND_END; k++) {
        unsigned bit = 1u << k;

        if ((line->due & wanted & bit) != 0 && ready_at(line, k) <= now) {
            line->due &= ~bit;
            *order = (struct documents_order){.agent = agent,
                                              .kind = (enum documents_kind)k,
                                              .zstd = zstd,
                                              .has = line->has[k],
                                              .digest = line->digest[k]};
            return true;
        }
    }
    return false;
}
