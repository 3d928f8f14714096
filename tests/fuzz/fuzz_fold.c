/* Any bytes as the events of one office of a small province, whose plan counts
 * in every way there is: none stops the fold, each has one
 * outcome (I6), and whether they come one to an entry or all in one changes
 * nothing (I4). The input is a row of events, two bytes of size each. */
#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/fold/fold.h"
#include "common/format/codec.h"
#include "tests/support/world.h"

#include <string.h>

#define EVENTS_MAX  6u
#define RECEIVED_AT (INT64_C(1546300800) * 1000000)

static const uint32_t agent = 1;
static struct event events[EVENTS_MAX];

static size_t read_events(struct bytes left)
{
    size_t count = 0;

    while (left.size >= 2 && count < EVENTS_MAX) {
        size_t size = bytes_get_u16(left.data);

        size = size < left.size - 2 ? size : left.size - 2;
        codec_unpack_event((struct bytes){left.data + 2, size},
                           &events[count++]);
        left.data += 2 + size;
        left.size -= 2 + size;
    }
    return count;
}

static enum status fetch(void *owner, uint64_t id, struct event *event)
{
    const size_t *given = owner;

    if (id60_agent(id) != agent || id60_epoch(id) != 1 ||
        id60_number(id) == 0 || id60_number(id) > *given) {
        return STATUS_NOT_FOUND;
    }
    *event = events[id60_number(id) - 1];
    return STATUS_OK;
}

static void fold_all(const struct context *context, size_t count, bool apart,
                     struct fold_totals *totals,
                     enum fold_outcome outcomes[EVENTS_MAX])
{
    struct fold *fold = NULL;
    size_t given = 0;
    uint64_t sum = 0;
    uint64_t position = 0;

    check(fold_new(context, (struct fold_source){&given, fetch}, &fold) ==
          STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        given = i + 1;
        check(fold_event(fold, id60_make(agent, 1, (uint32_t)i + 1),
                         RECEIVED_AT, &events[i]) == STATUS_OK);
        if (apart || i + 1 == count) {
            check(fold_set_position(fold, ++position) == STATUS_OK);
        }
    }
    fold_totals(fold, totals);
    for (unsigned i = 0; i < FOLD_OUTCOME_END; i++) {
        sum += totals->outcomes[i];
    }
    check(totals->events == count && sum == count);
    for (size_t i = 0; i < count; i++) {
        struct fold_result result;

        fold_result(fold, id60_make(agent, 1, (uint32_t)i + 1), &result);
        check(result.outcome < FOLD_OUTCOME_END);
        outcomes[i] = result.outcome;
    }
    fold_free(&fold);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    struct fold_totals apart;
    struct fold_totals together;
    enum fold_outcome first[EVENTS_MAX];
    enum fold_outcome second[EVENTS_MAX];
    size_t count = read_events((struct bytes){data, size});

    if (world.context == NULL) {
        world_open(&world, WORLD_PLAN, NULL);
    }
    fold_all(world.context, count, true, &apart, first);
    fold_all(world.context, count, false, &together, second);
    check(memcmp(first, second, count * sizeof first[0]) == 0);
    check(memcmp(&apart, &together, sizeof apart) == 0);
    return 0;
}
