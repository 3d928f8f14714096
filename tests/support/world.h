/* world - a small province for tests: units, a plan, offices and events.
 *
 * Flow     test -> [world] -> context, fold, indicator
 * Owns     the context and the events; free with world_close().
 * Threads  one.
 * Limits   WORLD_AGENTS agents, WORLD_EVENTS_MAX events.
 *
 * Province 90 has districts 901 and 902 with three communes each. Commune
 * 90103 was divided into 90104 and 90105 on 2018-07-01; commune 90203 became
 * 90206 on the same day. Agent n (from 1) is the labour office of district
 * 901 when n is odd, of 902 when it is even, over its whole district, for
 * 2017 to 2019; agent WORLD_CORRECTOR is the province's own labour department
 * and may correct for both districts.
 */
#ifndef TALLYLINE_TESTS_WORLD_H
#define TALLYLINE_TESTS_WORLD_H

#include "common/event/calendar.h"
#include "common/figures/indicator.h"
#include "common/fold/context.h"
#include "common/fold/fold.h"

#define WORLD_AGENTS     5u
#define WORLD_CORRECTOR  5u
#define WORLD_EPOCHS     2u /* of each agent */
#define WORLD_EVENTS_MAX 4096u
/* Of an entry: what one changes is settled together. */
#define WORLD_ENTRY_EVENTS 3u

#define WORLD_PROVINCE    UINT32_C(1200090)
#define WORLD_DISTRICT(n) (UINT32_C(1300900) + (n))
#define WORLD_COMMUNE(district, n) \
    (UINT32_C(1590000) + (district)*UINT32_C(100) + (n))
#define WORLD_LABOUR_OFFICE 3u
#define WORLD_DOLISA        1u
#define WORLD_PROSTITUTION  1u
#define WORLD_INSPECTION    8u /* a type of proto/event.proto */
#define WORLD_DAY           calendar_day(2018, 3, 5)

struct world_event {
    uint64_t id;
    int64_t received_at;
    struct event event;
};

struct world {
    struct context *context;
    struct report report;
    struct world_event *events; /* in the order they were added */
    size_t count;
    uint32_t next[WORLD_AGENTS + 1][WORLD_EPOCHS + 1]; /* number, from 1 */
    uint64_t index; /* of the next control entry */
};

/* A plan with one indicator for each way of counting. */
#define WORLD_PLAN "tests/support/world_plan.yaml"

/* Builds the province with the plan of that file (may be NULL) and a vocabulary
 * (YAML text, may be NULL); fails the test when one of them has a mistake. */
void world_open(struct world *world, const char *plan, const char *vocabulary);
/* Applies one more plan, or a later revision of one, as the next entry. */
void world_plan(struct world *world, uint32_t revision, const char *text);
/* Opens the second epoch of an agent: of the first, what stands from `end` on
 * no longer belongs to it. Gives what the entry changes. */
unsigned world_new_epoch(struct world *world, uint32_t agent, uint64_t end);
void world_close(struct world *world);

/* An event of the agent's office on `day` at `place`, with all that its
 * header needs; the body is the caller's. */
void world_event_init(const struct world *world, struct event *event,
                      uint32_t agent, uint32_t type, int32_t day,
                      uint32_t place);
/* A visit of the agent's team to establishment `n` in its district's first
 * commune, on WORLD_DAY. */
struct event world_visit(const struct world *world, uint32_t agent, uint32_t n);
/* Gives the event its number in the stream and keeps it. It is received on
 * the day after it happened; `received_at` of the answer may be changed. */
struct world_event *world_add(struct world *world, uint32_t agent,
                              uint32_t epoch, const struct event *event);
struct world_event *world_find(struct world *world, uint64_t id);

/* Folds the events in the order of `order` (positions in world->events; NULL:
 * as they were added), some to an entry, and gives the fold. */
struct fold *world_fold(struct world *world, const size_t order[]);
/* The same in pieces: folds the events from position `from` to before `to`. A
 * piece ends an entry. */
void world_fold_on(struct world *world, struct fold *fold, const size_t order[],
                   size_t from, size_t to);
/* Where that fold looks events up. */
struct fold_source world_source(struct world *world);
/* A random order that keeps each stream's own. `seed` is changed. */
void world_shuffle(const struct world *world, uint64_t *seed, size_t order[]);
/* From TALLYLINE_TEST_SEED, else from the clock; printed. */
uint64_t world_seed(void);
/* The next number of a simple generator. */
uint64_t world_random(uint64_t *seed);

/* The figure of an indicator in one unit, over the plan's year. */
struct figure world_figure(const struct world *world, const struct fold *fold,
                           const char *indicator, uint32_t unit);
int64_t world_value(const struct world *world, const struct fold *fold,
                    const char *indicator, uint32_t unit);
enum fold_outcome world_outcome(const struct fold *fold, uint64_t id);

#endif
