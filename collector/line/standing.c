#include "collector/line/standing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"

struct counted {
    struct standing standing; /* first */
    atomic_uint holders;
};

struct standings {
    const struct clock *clock;
    pthread_mutex_t lock;
    struct standing *last;
    struct standing_feed feed;
    int64_t due_at; /* monotonic; the line's thread alone */
};

const struct standing_line *standing_line(const struct standing *standing,
                                          uint32_t number)
{
    size_t low = 0, high = standing->line_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (standing->lines[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < standing->line_count && standing->lines[low].number == number
               ? &standing->lines[low]
               : NULL;
}

const struct checkpoints_witness *standing_witness(
    const struct standing *standing, uint32_t number)
{
    for (size_t i = 0; i < standing->witness_count; i++) {
        if (standing->witnesses[i].agent == number) {
            return &standing->witnesses[i];
        }
    }
    return NULL;
}

void standing_release(struct standing **standing)
{
    struct counted *counted = (struct counted *)*standing;

    if (counted != NULL && atomic_fetch_sub(&counted->holders, 1) == 1) {
        free(counted->standing.lines);
        free(counted->standing.witnesses);
        free(counted);
    }
    *standing = NULL;
}

struct standing *standing_new(size_t lines, size_t witnesses)
{
    struct counted *made = calloc(1, sizeof *made);
    struct standing *self = (struct standing *)made;

    if (made == NULL) {
        return NULL;
    }
    atomic_init(&made->holders, 1);
    self->lines = calloc(lines + 1, sizeof *self->lines);
    self->witnesses = calloc(witnesses + 1, sizeof *self->witnesses);
    if (self->lines == NULL || self->witnesses == NULL) {
        standing_release(&self);
    }
    return self;
}

struct standings *standings_new(const struct clock *clock)
{
    struct standings *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->clock = clock;
        check(pthread_mutex_init(&self->lock, NULL) == 0);
    }
    return self;
}

void standings_free(struct standings **standings)
{
    if (*standings == NULL) {
        return;
    }
    standing_release(&(*standings)->last);
    (void)pthread_mutex_destroy(&(*standings)->lock);
    free(*standings);
    *standings = NULL;
}

struct standing *standings_get(struct standings *standings)
{
    struct standing *found;

    check(pthread_mutex_lock(&standings->lock) == 0);
    found = standings->last;
    if (found != NULL) {
        (void)atomic_fetch_add(&((struct counted *)found)->holders, 1);
    }
    check(pthread_mutex_unlock(&standings->lock) == 0);
    return found;
}

void standings_tell_feed(struct standings *standings,
                         const struct standing_feed *feed)
{
    check(pthread_mutex_lock(&standings->lock) == 0);
    standings->feed = *feed;
    check(pthread_mutex_unlock(&standings->lock) == 0);
}

void standings_feed(struct standings *standings, struct standing_feed *feed)
{
    check(pthread_mutex_lock(&standings->lock) == 0);
    *feed = standings->feed;
    check(pthread_mutex_unlock(&standings->lock) == 0);
}

int64_t standings_due_at(struct standings *standings)
{
    return standings->due_at;
}

static int compare_lines(const void *left, const void *right)
{
    const struct standing_line *a = left, *b = right;

    return (a->number > b->number) - (a->number < b->number);
}

static int compare_witnesses(const void *left, const void *right)
{
    const struct checkpoints_witness *a = left, *b = right;

    return (a->agent > b->agent) - (a->agent < b->agent);
}

/* What is shown of both is the same, but for the moment they were made. */
static bool is_same(const struct standing *a, const struct standing *b)
{
    return a->entries == b->entries && a->bytes_used == b->bytes_used &&
           a->bytes_total == b->bytes_total && a->full == b->full &&
           a->recovering == b->recovering &&
           a->committed_at == b->committed_at &&
           memcmp(&a->checkpoints, &b->checkpoints, sizeof a->checkpoints) ==
               0 &&
           a->witness_count == b->witness_count &&
           memcmp(a->witnesses, b->witnesses,
                  a->witness_count * sizeof *a->witnesses) == 0 &&
           a->line_count == b->line_count &&
           memcmp(a->lines, b->lines, a->line_count * sizeof *a->lines) == 0;
}

void standings_publish(struct standings *standings, struct standing *standing)
{
    struct standing *before;

    standings->due_at =
        clock_monotonic_us(standings->clock) + STANDING_PAUSE_US;
    qsort(standing->lines, standing->line_count, sizeof *standing->lines,
          compare_lines);
    qsort(standing->witnesses, standing->witness_count,
          sizeof *standing->witnesses, compare_witnesses);
    check(pthread_mutex_lock(&standings->lock) == 0);
    before = standings->last;
    standing->feed = standings->feed;
    standing->version = before == NULL              ? 1
                        : is_same(before, standing) ? before->version
                                                    : before->version + 1;
    standings->last = standing;
    check(pthread_mutex_unlock(&standings->lock) == 0);
    standing_release(&before);
}
