/* The intake: judges an event, sends it to its slot or straight to the
 * measures, and keeps the position. The plans' register rows come first, as
 * events of agent 0, so that whatever an office records on the same day is
 * later than they are. */
#include "common/fold/fold.h"

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/event/reference.h"
#include "common/fold/fold_state.h"

#include <stdlib.h>

/* Number of proto/event.proto. */
#define TYPE_CORRECTION 20u

static MUST_USE enum status fold_register(struct fold *fold)
{
    uint32_t number = 0;

    for (uint32_t place = 0; place < fold->plan_count; place++) {
        const struct plan *plan = fold->plans[place].plan;

        for (uint32_t i = 0; i < plan->row_count; i++) {
            enum status status = fold_count_row(
                fold, place, id60_make(0, 0, ++number), &plan->rows[i].event);

            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    return STATUS_OK;
}

MUST_USE enum status fold_make(const struct context *context,
                               struct fold_source source, struct fold **fold)
{
    struct fold *made = calloc(1, sizeof *made);
    enum status status;

    *fold = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->context = context;
    made->units = context_units(context);
    made->unit =
        context_genesis(context) == NULL ? 0 : context_genesis(context)->unit;
    made->source = source;
    fold_judge_init(&made->judge, context);
    status = fold_count_init(made);
    if (status != STATUS_OK) {
        fold_free(&made);
    }
    *fold = made;
    return status;
}

MUST_USE enum status fold_new(const struct context *context,
                              struct fold_source source, struct fold **fold)
{
    enum status status = fold_make(context, source, fold);

    if (status == STATUS_OK) {
        status = fold_register(*fold);
    }
    if (status == STATUS_OK) {
        status = fold_count_settle(*fold);
    }
    if (status != STATUS_OK) {
        fold_free(fold);
    }
    return status;
}

void fold_free(struct fold **fold)
{
    if (*fold == NULL) {
        return;
    }
    fold_count_fini(*fold);
    fold_slots_fini(*fold);
    fold_results_fini(*fold);
    fold_reports_fini(*fold);
    id_map_fini(&(*fold)->streams);
    free(*fold);
    *fold = NULL;
}

/* Streams are kept by agent and epoch; 1 is added since 0 is no key. */
static uint64_t stream_of(uint64_t id)
{
    return (id >> 32) + 1;
}

bool fold_has(struct fold *fold, uint64_t id)
{
    uint32_t last = stream_of(id) == fold->stream
                        ? fold->stream_last
                        : id_map_get(&fold->streams, stream_of(id));

    return last != ID_MAP_NONE && id60_number(id) <= last;
}

static MUST_USE enum status step_stream(struct fold *fold, uint64_t id)
{
    uint64_t stream = stream_of(id);
    enum status status = STATUS_OK;

    check(id60_number(id) != 0 && !fold_has(fold, id));
    if (stream != fold->stream && fold->stream != 0) {
        status = id_map_put(&fold->streams, fold->stream, fold->stream_last);
    }
    fold->stream = stream;
    fold->stream_last = id60_number(id);
    return status;
}

void fold_expect(const struct fold *fold, const struct fold_verdict *verdict,
                 const struct event *event)
{
    if (verdict->result.outcome == FOLD_COUNTED) {
        fold_cells_expect(&fold->types[event->type].cells, verdict->place,
                          event->occurred_on);
        fold_entry_prefetch(fold, event);
    }
}

MUST_USE enum status fold_event(struct fold *fold, uint64_t id,
                                int64_t received_at, const struct event *event)
{
    struct fold_verdict verdict;
    enum status status;

    fold_judge_event(&fold->judge, id, received_at, event, &verdict);
    status = fold_received(fold, id60_agent(id), received_at);
    return status == STATUS_OK ? fold_judged_event(fold, &verdict, event)
                               : status;
}

/* When it was recorded, or where an erasure order took that, not before the
 * day on which it happened. */
static int64_t told_at(const struct event *event)
{
    return event->erased != 0 ? clock_day_begin(event->occurred_on)
                              : event->recorded_at;
}

MUST_USE enum status fold_judged_event(struct fold *fold,
                                       const struct fold_verdict *verdict,
                                       const struct event *event)
{
    uint64_t id = verdict->result.event;
    bool corrects = event->target != 0 || event->type == TYPE_CORRECTION;
    bool countable = verdict->result.outcome == FOLD_COUNTED, counts;
    enum status status = step_stream(fold, id);

    if (status == STATUS_OK && told_at(event) >= fold->told_until) {
        status = fold_told_more(fold, told_at(event));
    }
    if (status == STATUS_OK && event->erased != 0) {
        status = fold_erased_note(fold, event);
    } else if (status == STATUS_OK && countable && event->has_entry_key) {
        status = fold_erased_again(fold, event);
    }
    if (status == STATUS_OK && fold_is_report(event->type)) {
        status = fold_report_received(fold, id);
    }
    if (status != STATUS_OK) {
        return status;
    }
    fold->totals.events++;
    fold->totals.outcomes[FOLD_COUNTED]++;
    if (!countable) {
        status = fold_result_set(fold, &verdict->result);
        if (status != STATUS_OK) {
            return status;
        }
    }
    if (corrects) {
        status = fold_slot_unfit(fold, id);
        if (status == STATUS_OK && countable) {
            status = fold_slot_correct(fold, id, event);
        }
        return status;
    }
    status = fold_slot_enter(fold, id, event, countable, &counts);
    if (status == STATUS_OK && counts) {
        status = fold_count_add(fold, id, event, verdict->place);
    }
    return status;
}

MUST_USE enum status fold_came(struct fold *fold, uint64_t id,
                               int64_t received_at, const struct event *event)
{
    struct fold_verdict before, now;
    enum status status;

    check(fold_has(fold, id));
    fold_judge_event(&fold->judge, id, FOLD_RECEIVED_UNKNOWN, event, &before);
    fold_judge_event(&fold->judge, id, received_at, event, &now);
    if (before.result.outcome != now.result.outcome ||
        fold_is_report(event->type)) {
        return STATUS_INVALID;
    }
    status = fold_received(fold, id60_agent(id), received_at);
    return status == STATUS_OK && told_at(event) >= fold->told_until
               ? fold_told_more(fold, told_at(event))
               : status;
}

MUST_USE enum status fold_pass_position(struct fold *fold, uint64_t size)
{
    enum status status = fold_slots_settle(fold);

    if (status == STATUS_OK) {
        status = fold_results_settle(fold);
    }
    if (status == STATUS_OK) {
        fold->position = size;
    }
    return status;
}

MUST_USE enum status fold_set_position(struct fold *fold, uint64_t size)
{
    enum status status = fold_pass_position(fold, size);

    return status == STATUS_OK ? fold_count_settle(fold) : status;
}

uint64_t fold_position(const struct fold *fold)
{
    return fold->position;
}
