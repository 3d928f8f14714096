/* An order is appended, tried on the context, and committed. What contradicts
 * the context changes nothing of it. When a document was applied and the group
 * fails after it, the context is ahead of the ledger: it is thrown away and
 * read again, which is rare and always right. */
#include "collector/province/province.h"

#include "collector/commands/order_words.h"
#include "common/base/check.h"
#include "common/base/log.h"

#include <stdlib.h>
#include <string.h>

#define IN_FORCE_STEP 256u /* agents more when the table grows */
#define CHANGED_ALL \
    (CONTEXT_CHANGED_KEYS | CONTEXT_CHANGED_FIGURES | CONTEXT_CHANGED_BACKUP)

/* Entries in force of one agent, or of the province (agent 0), by kind: one
 * more than the index, 0 for none. */
struct in_force {
    uint64_t entries[CONTROL_EPOCH_OPENED + 1];
};

struct province {
    struct ledger *ledger; /* borrowed */
    struct context *context;
    uint64_t position;
    uint64_t figures; /* position of the last one that changed figures */
    unsigned changes;
    struct in_force *in_force; /* by number of the agent */
    size_t in_force_count;
    struct control *adopted; /* a plan that is in force whatever comes; NULL */
    uint64_t adopted_index;
};

/* True when an event of that place came before entry `index`: what came after
 * it was judged by it from the first. */
static bool was_there(const struct ledger_snapshot *snapshot, uint32_t number,
                      uint32_t ordinal, uint64_t seq, uint64_t index)
{
    struct entry entry;
    enum status status =
        ledger_find_event(snapshot, number, ordinal, seq, &entry);

    return status == STATUS_OK ? entry.index < index
                               : status != STATUS_NOT_FOUND;
}

/* True when the epoch that this one ends has more than belongs to it: the
 * ledger stands beside one that has less. */
static bool epoch_had_more(struct ledger *ledger,
                           const struct control_epoch *epoch, uint64_t index)
{
    struct ledger_snapshot *snapshot = NULL;
    bool found =
        ledger_snapshot_open(ledger, &snapshot) != STATUS_OK ||
        was_there(snapshot, epoch->agent_number, epoch->epoch_ordinal - 1,
                  epoch->previous_next_seq, index);

    ledger_snapshot_close(&snapshot);
    return found;
}

/* True when the agent's streams hold an event that came before entry `index`.
 */
static bool agent_had_events(struct ledger *ledger,
                             const struct context *context, uint32_t number,
                             uint64_t index)
{
    const struct context_agent *agent = context_agent(context, number);
    struct ledger_snapshot *snapshot = NULL;
    bool found = false;

    if (agent == NULL || agent->epoch_count == 0) {
        return false;
    }
    if (ledger_snapshot_open(ledger, &snapshot) != STATUS_OK) {
        return true;
    }
    for (uint32_t i = 0; i < agent->epoch_count && !found; i++) {
        found = was_there(snapshot, number, agent->epochs[i].ordinal, 1, index);
    }
    ledger_snapshot_close(&snapshot);
    return found;
}

static enum status note_in_force(struct province *province, uint64_t index,
                                 const struct control *control)
{
    size_t place = order_agent(control);

    if (control->kind > CONTROL_EPOCH_OPENED) {
        return STATUS_OK;
    }
    if (place >= province->in_force_count) {
        size_t count = place + IN_FORCE_STEP;
        struct in_force *grown =
            realloc(province->in_force, count * sizeof *grown);

        if (grown == NULL) {
            return STATUS_MEMORY;
        }
        memset(grown + province->in_force_count, 0,
               (count - province->in_force_count) * sizeof *grown);
        province->in_force = grown;
        province->in_force_count = count;
    }
    province->in_force[place].entries[control->kind] = index + 1;
    return STATUS_OK;
}

static unsigned changes_that_matter(const struct province *province,
                                    uint64_t index,
                                    const struct control *control,
                                    unsigned changes)
{
    uint32_t agent = order_agent(control);

    if (control->kind == CONTROL_EPOCH_OPENED &&
        !epoch_had_more(province->ledger, &control->epoch, index)) {
        return changes & ~(unsigned)CONTEXT_CHANGED_FIGURES;
    }
    if (control->kind != CONTROL_ENROLMENT && control->kind != CONTROL_JOINED) {
        return changes;
    }
    if ((changes & CONTEXT_CHANGED_FIGURES) != 0 &&
        !agent_had_events(province->ledger, province->context, agent, index)) {
        changes &= ~(unsigned)CONTEXT_CHANGED_FIGURES;
    }
    return changes;
}

static enum status apply(struct province *province, uint64_t index,
                         struct bytes document, struct report *report)
{
    struct control *control = NULL;
    unsigned changes = 0;
    enum status status;

    status = control_open_next(
        document, context_administrator(province->context), &control);
    if (status != STATUS_OK) {
        return status;
    }
    status = context_apply(province->context, index, control, report, &changes);
    if (status == STATUS_OK) {
        changes = changes_that_matter(province, index, control, changes);
        province->changes |= changes;
        if ((changes & CONTEXT_CHANGED_FIGURES) != 0) {
            province->figures = index + 1;
        }
        status = note_in_force(province, index, control);
    }
    control_free(&control);
    return status;
}

/* The adopted plan again, where an entry has put another one in its place, or
 * other units under it. */
static enum status adopt_again(struct province *province, struct report *report)
{
    return province->adopted == NULL ||
                   (province->changes & CONTEXT_CHANGED_FIGURES) == 0
               ? STATUS_OK
               : context_adopt_plan(province->context, province->adopted_index,
                                    province->adopted, report);
}

enum status province_advance(struct province *province,
                             const struct ledger_snapshot *snapshot)
{
    uint64_t before = province->position;
    struct report report;
    struct entry entry;
    struct bytes document;
    enum status status = STATUS_OK;

    report_init(&report, LANGUAGE_EN);
    while (status == STATUS_OK) {
        status = ledger_next_control(snapshot, province->position, &entry);
        if (status != STATUS_OK) {
            break;
        }
        status = ledger_bytes(snapshot, &entry, &document);
        if (status == STATUS_OK) {
            status = apply(province, entry.index, document, &report);
        }
        if (status == STATUS_INVALID) {
            /* The same prefix leads to the same context everywhere, so what
             * contradicts it is passed over everywhere. */
            log_warning("control entry contradicts earlier ones",
                        log_number("index", (int64_t)entry.index));
            status = STATUS_OK;
        }
        if (status == STATUS_OK) {
            province->position = entry.index + 1;
        }
    }
    if (status == STATUS_NOT_FOUND && province->position != before) {
        status = adopt_again(province, &report);
    }
    report_fini(&report);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status province_adopt(struct province *province, uint64_t index,
                           struct bytes document, struct report *report)
{
    struct control *control = NULL;
    enum status status =
        control_open(document,
                     province_keys_administrator_at(
                         context_province_keys(province->context), index),
                     &control);

    if (status == STATUS_OK && control->kind != CONTROL_PLAN) {
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = context_adopt_plan(province->context, index, control, report);
    }
    if (status != STATUS_OK) {
        control_free(&control);
        return status;
    }
    control_free(&province->adopted);
    province->adopted = control;
    province->adopted_index = index;
    province->changes |= CONTEXT_CHANGED_FIGURES;
    return STATUS_OK;
}

/* Reads everything again: the context is ahead of the ledger, or new. */
static enum status begin_again(struct province *province)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status;

    context_free(&province->context);
    province->position = 0;
    province->figures = 0;
    province->in_force_count = 0;
    status = context_new(&province->context);
    if (status == STATUS_OK) {
        status = ledger_snapshot_open(province->ledger, &snapshot);
    }
    if (status == STATUS_OK) {
        status = province_advance(province, snapshot);
    }
    ledger_snapshot_close(&snapshot);
    province->changes = CHANGED_ALL;
    return status;
}

enum status province_open(struct ledger *ledger, struct province **province)
{
    struct province *self = calloc(1, sizeof *self);
    enum status status;

    *province = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->ledger = ledger;
    status = begin_again(self);
    if (status != STATUS_OK) {
        province_close(&self);
    }
    *province = self;
    return status;
}

void province_close(struct province **province)
{
    if (*province != NULL) {
        context_free(&(*province)->context);
        control_free(&(*province)->adopted);
        free((*province)->in_force);
        free(*province);
        *province = NULL;
    }
}

const struct context *province_context(const struct province *province)
{
    return province->context;
}

uint64_t province_position(const struct province *province)
{
    return province->position;
}

uint64_t province_figures(const struct province *province)
{
    return province->figures;
}

unsigned province_take_changes(struct province *province)
{
    unsigned changes = province->changes;

    province->changes = 0;
    return changes;
}

enum status province_find(const struct province *province,
                          enum control_kind kind, uint32_t agent,
                          uint64_t *index)
{
    uint64_t entry = 0;

    check(kind <= CONTROL_EPOCH_OPENED);
    if (agent < province->in_force_count) {
        entry = province->in_force[agent].entries[kind];
    }
    if (entry == 0) {
        return STATUS_NOT_FOUND;
    }
    *index = entry - 1;
    return STATUS_OK;
}

enum status province_entry_document(const struct province *province,
                                    uint64_t index, struct buffer *out)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;
    struct bytes bytes;
    enum status status = ledger_snapshot_open(province->ledger, &snapshot);

    if (status == STATUS_OK) {
        status = ledger_entry(snapshot, index, &entry);
    }
    if (status == STATUS_OK) {
        status = ledger_bytes(snapshot, &entry, &bytes);
    }
    if (status == STATUS_OK) {
        status = buffer_append(out, bytes);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

enum status province_document(const struct province *province,
                              enum control_kind kind, uint32_t agent,
                              struct buffer *out, uint64_t *index)
{
    enum status status = province_find(province, kind, agent, index);

    return status == STATUS_OK ? province_entry_document(province, *index, out)
                               : status;
}

/* One document within the group. */
static enum status order_one(struct province *province, struct bytes document,
                             struct report *report, struct entry *entry)
{
    struct ledger_answer answer;
    enum status status =
        ledger_append_control(province->ledger, document, &answer);

    if (status != STATUS_OK) {
        return status;
    }
    *entry = answer.entry;
    if (answer.verdict == LEDGER_DUPLICATE) {
        return STATUS_OK;
    }
    check(answer.verdict == LEDGER_APPENDED);
    status = apply(province, entry->index, document, report);
    if (status == STATUS_OK) {
        province->position = entry->index + 1;
    }
    return status;
}

static enum status order(struct province *province,
                         const struct bytes documents[], size_t count,
                         bool reserve, struct report *report,
                         struct entry entries[])
{
    uint64_t before = province->position;
    enum status status, again;

    check(count >= 1 && count <= PROVINCE_ORDERS_MAX);
    status = ledger_begin(province->ledger);
    if (status != STATUS_OK) {
        return status;
    }
    if (reserve) {
        ledger_use_reserve(province->ledger);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = order_one(province, documents[i], report, &entries[i]);
    }
    if (status == STATUS_OK) {
        status = ledger_commit(province->ledger);
    } else {
        ledger_rollback(province->ledger);
    }
    /* I11: a request that contradicts the context must not cost a fold of the
     * whole ledger, or any office could ask for one after the other. Without
     * memory nobody knows how far the context came. */
    if (status == STATUS_MEMORY ||
        (status != STATUS_OK && province->position != before)) {
        again = begin_again(province);
        if (again != STATUS_OK) {
            status = again;
        }
    }
    return status;
}

enum status province_order(struct province *province,
                           const struct bytes documents[], size_t count,
                           struct report *report, struct entry entries[])
{
    return order(province, documents, count, true, report, entries);
}

enum status province_request(struct province *province,
                             const struct bytes documents[], size_t count,
                             struct report *report, struct entry entries[])
{
    return order(province, documents, count, false, report, entries);
}
