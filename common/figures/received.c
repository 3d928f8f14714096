/* For each share of the plan's programmes one pass over the enrolments marks
 * the units that its offices are enrolled for, a second one over the units
 * hands that down to what lies in them, and up to a unit that has no office of
 * its own. Failure mode: no memory. */
#include "common/figures/received.h"

#include "common/base/check.h"
#include "common/figures/programmes.h"
#include "common/fold/fold_state.h"

#include <stdlib.h>

/* Who speaks for a unit. */
enum speaker {
    SPEAKER_NONE,
    SPEAKER_MUTE, /* an office that never sent anything */
    SPEAKER_HEARD
};

struct voice {
    enum speaker speaker;
    /* Of SPEAKER_HEARD: it has told all from the first day to before the other;
     * RECEIVED_NO_DAY as the other: none. */
    int32_t since, until;
};

struct received {
    const struct units *units;
    struct figure_range range;
    struct programmes *programmes;
    /* By share of the programmes, and in it by unit: of its own offices, and
     * where it has none, of the next above or below. NULL: no indicator counts
     * it. */
    struct voice **told;
    size_t share;      /* at hand: */
    struct voice *own; /* by unit: of its own offices */
    struct voice *all; /* told[share] */
    bool *heirs;       /* room */
    bool more;         /* something was marked */
};

static const struct {
    const char *token;
    struct language_text text;
} states[RECEIVED_STATE_END] = {
    [RECEIVED_UNSAID] = {"", {"", ""}},
    [RECEIVED_VALUE] = {"value", {"có số liệu", "a value"}},
    [RECEIVED_ZERO_REPORTED] = {"zero_reported",
                                {"báo không phát sinh", "reported as none"}},
    [RECEIVED_ZERO] = {"zero", {"không phát sinh", "none occurred"}},
    [RECEIVED_SO_FAR] = {"so_far", {"chưa phát sinh", "none so far"}},
    [RECEIVED_SILENT] = {"silent",
                         {"chưa có số liệu kỳ này",
                          "no figures of these days"}},
    [RECEIVED_NEVER] = {"never", {"chưa có số liệu", "no figures yet"}},
    [RECEIVED_NO_OFFICE] = {"no_office", {"chưa có số liệu", "no figures yet"}},
};

/* Of several offices of a unit the one that has told most; what two that follow
 * each other told is one. */
static void mark(struct voice *voice, struct voice more)
{
    if (more.speaker == SPEAKER_HEARD && voice->speaker == SPEAKER_HEARD &&
        more.since <= voice->until && voice->since <= more.until) {
        voice->since = more.since < voice->since ? more.since : voice->since;
        voice->until = more.until > voice->until ? more.until : voice->until;
    } else if (more.speaker > voice->speaker ||
               (more.speaker == voice->speaker && more.until > voice->until)) {
        *voice = more;
    }
}

static void mark_own(struct received *received, size_t unit, struct voice voice)
{
    struct voice *own = &received->own[unit];
    struct voice before = *own;

    mark(own, voice);
    received->more = received->more || own->speaker != before.speaker ||
                     own->since != before.since || own->until != before.until;
}

/* What carries on a unit that ended before the unit date without a single
 * successor: a district lives on in its communes. */
static void mark_heirs(struct received *received, uint32_t key,
                       struct voice voice)
{
    const struct units *units = received->units;
    int32_t date = received->range.unit_date;
    size_t count = units_count(units);

    for (size_t i = 0; i < count; i++) {
        received->heirs[i] = false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct unit *unit = units_at(units, i);

        if (unit->key == key && unit->to <= date &&
            unit->to > received->range.plan->from) {
            units_mark_heirs(units, unit, date, received->heirs);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (received->heirs[i] && units_at(units, i)->level != UNIT_PROVINCE) {
            mark_own(received, i, voice);
        }
    }
}

static void mark_scope(struct received *received,
                       const struct control_scope *scope, struct voice voice)
{
    const struct figure_range *range = &received->range;
    const struct unit *unit = plan_carried(range->plan, received->units,
                                           scope->unit, range->unit_date);

    /* What an office may not write it has not told of by writing nothing. */
    if (scope->from > range->to || scope->to < range->from ||
        !programmes_writes(received->programmes, scope, received->share)) {
        return;
    }
    /* It speaks for the days of the enrolment alone. */
    voice.since = scope->from;
    if (voice.until > scope->to) {
        voice.until = scope->to + 1;
    }
    if (unit == NULL) {
        mark_heirs(received, scope->unit, voice);
    } else if (unit->level != UNIT_PROVINCE) {
        mark_own(received, units_position(received->units, unit), voice);
    }
}

static void mark_all(struct received *received, const struct fold *fold,
                     const struct context *context)
{
    for (size_t i = 0; i < context_agent_count(context); i++) {
        const struct context_agent *agent = context_agent_at(context, i);
        uint32_t day = id_map_get(&fold->told, agent->number);
        bool heard = id_map_get(&fold->heard, agent->number) != ID_MAP_NONE;
        struct voice voice = {.speaker = heard ? SPEAKER_HEARD : SPEAKER_MUTE,
                              .until = day == ID_MAP_NONE ? RECEIVED_NO_DAY
                                                          : (int32_t)day};

        for (uint32_t k = 0; k < agent->scope_count; k++) {
            mark_scope(received, &agent->scopes[k], voice);
        }
    }
}

/* Until all is said: an office may follow one behind it in the list. Each round
 * but the last makes the time that a unit has told longer. */
static void mark_offices(struct received *received, const struct fold *fold,
                         const struct context *context)
{
    do {
        received->more = false;
        mark_all(received, fold, context);
    } while (received->more);
}

static bool is_in_force(const struct received *received,
                        const struct unit *unit)
{
    return unit->from <= received->range.unit_date &&
           received->range.unit_date < unit->to;
}

static const struct unit *above(const struct received *received,
                                const struct unit *unit)
{
    return unit->parent == 0 ? NULL
                             : units_find(received->units, unit->parent,
                                          received->range.unit_date);
}

/* The nearest office that was ever heard, from the unit upwards; for the days
 * before its enrolment the next above it. */
static struct voice voice_of(const struct received *received,
                             const struct unit *unit)
{
    struct voice found = {.since = RECEIVED_NO_DAY, .until = RECEIVED_NO_DAY};

    for (unsigned i = 0; unit != NULL && i < UNIT_COMMUNE; i++) {
        struct voice own = received->own[units_position(received->units, unit)];

        if (own.speaker > found.speaker) {
            found = own;
        } else if (own.speaker == SPEAKER_HEARD && own.since < found.since &&
                   own.until >= found.since) {
            found.since = own.since;
        }
        unit = above(received, unit);
    }
    return found;
}

/* A unit whose offices all lie below it has told as much as the one of them
 * that has told least. */
static void hand_up(struct received *received, const struct unit *unit)
{
    struct voice below = received->own[units_position(received->units, unit)];
    const struct unit *at = above(received, unit);

    for (unsigned i = 0; at != NULL && i < UNIT_COMMUNE; i++) {
        size_t position = units_position(received->units, at);
        struct voice *voice = &received->all[position];

        if (received->own[position].speaker >= below.speaker) {
            at = above(received, at);
            continue;
        }
        if (voice->speaker == SPEAKER_NONE || voice->speaker > below.speaker) {
            *voice = below;
        } else if (voice->speaker == below.speaker) {
            voice->since =
                voice->since > below.since ? voice->since : below.since;
            voice->until =
                voice->until < below.until ? voice->until : below.until;
        }
        at = above(received, at);
    }
}

static void hand_on(struct received *received)
{
    size_t count = units_count(received->units);

    for (size_t i = 0; i < count; i++) {
        const struct unit *unit = units_at(received->units, i);

        if (is_in_force(received, unit)) {
            received->all[i] = voice_of(received, unit);
        }
    }
    for (size_t i = 0; i < count; i++) {
        const struct unit *unit = units_at(received->units, i);

        if (received->own[i].speaker != SPEAKER_NONE &&
            is_in_force(received, unit)) {
            hand_up(received, unit);
        }
    }
}

static bool is_counted(const struct received *received, size_t share)
{
    const struct plan *plan = received->range.plan;

    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        if (programmes_counts(received->programmes, &plan->indicators[i],
                              share)) {
            return true;
        }
    }
    return share == programmes_plan_share(received->programmes);
}

static MUST_USE enum status hear(struct received *received, size_t share,
                                 const struct fold *fold,
                                 const struct context *context)
{
    size_t count = units_count(received->units);

    received->share = share;
    received->all = calloc(count + 1, sizeof *received->all);
    received->told[share] = received->all;
    if (received->all == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        received->own[i] =
            (struct voice){.since = RECEIVED_NO_DAY, .until = RECEIVED_NO_DAY};
    }
    mark_offices(received, fold, context);
    hand_on(received);
    return STATUS_OK;
}

static MUST_USE enum status hear_all(struct received *received,
                                     const struct fold *fold,
                                     const struct context *context)
{
    size_t count = units_count(received->units);
    enum status status =
        programmes_new(received->range.plan, context, &received->programmes);

    if (status != STATUS_OK) {
        return status;
    }
    received->told =
        calloc(programmes_shares(received->programmes), sizeof *received->told);
    received->own = calloc(count + 1, sizeof *received->own);
    received->heirs = calloc(count + 1, sizeof *received->heirs);
    if (received->told == NULL || received->own == NULL ||
        received->heirs == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0;
         i < programmes_shares(received->programmes) && status == STATUS_OK;
         i++) {
        if (is_counted(received, i)) {
            status = hear(received, i, fold, context);
        }
    }
    return status;
}

MUST_USE enum status received_new(const struct fold *fold,
                                  const struct context *context,
                                  const struct figure_range *range,
                                  struct received **received)
{
    struct received *made = calloc(1, sizeof *made);
    enum status status;

    *received = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->units = context_units(context);
    made->range = *range;
    status = hear_all(made, fold, context);
    if (status != STATUS_OK) {
        received_free(&made);
        return status;
    }
    *received = made;
    return STATUS_OK;
}

void received_free(struct received **received)
{
    struct received *freed = *received;

    if (freed == NULL) {
        return;
    }
    for (size_t i = 0;
         freed->told != NULL && i < programmes_shares(freed->programmes); i++) {
        free(freed->told[i]);
    }
    programmes_free(&freed->programmes);
    free(freed->told);
    free(freed->own);
    free(freed->heirs);
    free(freed);
    *received = NULL;
}

/* What a unit has told of all that the indicator counts: no more than of the
 * share of which it has told least. */
static struct voice voice_for(const struct received *received,
                              const struct plan_indicator *indicator,
                              size_t unit)
{
    struct voice found = {
        .speaker = SPEAKER_HEARD, .since = RECEIVED_NO_DAY, .until = INT32_MAX};

    for (size_t i = 0; i < programmes_shares(received->programmes); i++) {
        const struct voice *voice;

        if (!programmes_counts(received->programmes, indicator, i)) {
            continue;
        }
        voice = &received->told[i][unit];
        if (voice->speaker < found.speaker) {
            found = *voice;
        } else if (voice->speaker == found.speaker) {
            found.since =
                voice->since > found.since ? voice->since : found.since;
            found.until =
                voice->until < found.until ? voice->until : found.until;
        }
    }
    return found;
}

static enum received_state state_of(const struct figure_range *range,
                                    const struct voice *voice,
                                    struct received_days *days)
{
    bool heard = voice->speaker == SPEAKER_HEARD;
    bool late = heard && voice->since > range->from;

    days->since = late ? voice->since : RECEIVED_NO_DAY;
    days->until = heard ? voice->until : RECEIVED_NO_DAY;
    switch (voice->speaker) {
    case SPEAKER_NONE:
        return RECEIVED_NO_OFFICE;
    case SPEAKER_MUTE:
        return RECEIVED_NEVER;
    case SPEAKER_HEARD:
        break;
    }
    if (voice->until < range->from || voice->until < voice->since) {
        return RECEIVED_SILENT;
    }
    return voice->until > range->to && !late ? RECEIVED_ZERO : RECEIVED_SO_FAR;
}

enum received_state received_state(const struct received *received,
                                   const struct silence *silence,
                                   const struct plan_indicator *indicator,
                                   size_t unit, bool happened,
                                   struct received_days *days)
{
    struct voice voice = voice_for(received, indicator, unit);
    enum received_state state = state_of(&received->range, &voice, days);

    if (happened) {
        return RECEIVED_VALUE;
    }
    return silence != NULL && silence_says_zero(silence, indicator, unit)
               ? RECEIVED_ZERO_REPORTED
               : state;
}

enum received_state received_state_by_plan(
    const struct received *received, const struct silence *silence,
    const struct plan_indicator *indicator, size_t unit, bool happened)
{
    size_t share = programmes_plan_share(received->programmes);
    struct received_days days;

    if (happened) {
        return RECEIVED_VALUE;
    }
    return silence != NULL && silence_names_zero(silence, indicator, unit)
               ? RECEIVED_ZERO_REPORTED
               : state_of(&received->range, &received->told[share][unit],
                          &days);
}

bool received_is_known(enum received_state state)
{
    return state < RECEIVED_SILENT;
}

const char *received_token(enum received_state state)
{
    check((unsigned)state < RECEIVED_STATE_END);
    return states[state].token;
}

const char *received_text(enum received_state state, enum language language)
{
    check((unsigned)state < RECEIVED_STATE_END);
    return language_pick(states[state].text, language);
}
