/* Events that do not count, and what is to be done about them. */
#include "collector/api/view_offices.h"

#include <stdio.h>
#include <stdlib.h>

#include "collector/commands/status_lists.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"
#include "common/event/validate.h"

/* Nothing is to be done about an event that somebody has corrected, or that is
 * there already. */
static bool is_to_mend(enum fold_outcome outcome)
{
    return outcome != FOLD_COUNTED && outcome != FOLD_VOIDED &&
           outcome != FOLD_REPLACED && outcome != FOLD_DUPLICATE_ENTRY;
}

/* Whether the reader may see the event: it is of a unit of its own. */
static bool may_see_event(const struct scene *scene, uint64_t id)
{
    struct event event;

    return scene->query->reader.home == 0 ||
           (scene->units != NULL &&
            tally_event(scene->tally, id, &event) == STATUS_OK &&
            event.fault == EVENT_FAULT_NONE &&
            choice_may_see(scene, event.unit, event.occurred_on));
}

/* All results of an agent that is not 0 which the reader may see, by id. NULL:
 * none, or no memory. */
static struct fold_result *results_of(const struct scene *scene, uint32_t agent,
                                      size_t *count)
{
    struct fold_result *results = NULL;
    size_t all;

    *count = fold_results(scene->fold, agent, NULL, 0);
    if (*count > 0) {
        results = calloc(*count, sizeof *results);
    }
    if (results == NULL) {
        *count = 0;
        return NULL;
    }
    all = fold_results(scene->fold, agent, results, *count);
    *count = 0;
    for (size_t i = 0; i < all; i++) {
        if (may_see_event(scene, results[i].event)) {
            results[(*count)++] = results[i];
        }
    }
    return results;
}

uint64_t view_to_mend(const struct scene *scene, uint32_t agent)
{
    size_t count = 0;
    struct fold_result *results = results_of(scene, agent, &count);
    uint64_t found = 0;

    for (size_t i = 0; i < count; i++) {
        found += is_to_mend(results[i].outcome);
    }
    free(results);
    return found;
}

static void tell_outcome(struct say *say, const char *key,
                         enum fold_outcome outcome)
{
    say_text(say, key, fold_outcome_token(outcome));
}

static void tell_meaning(struct say *say, enum fold_outcome outcome)
{
    say_labels(say, "meaning",
               (struct language_text){fold_outcome_text(outcome, LANGUAGE_VI),
                                      fold_outcome_text(outcome, LANGUAGE_EN)});
}

static void tell_counts(struct say *say, const char *key,
                        const uint64_t counts[FOLD_OUTCOME_END])
{
    say_array(say, key);
    for (unsigned i = 0; i < FOLD_OUTCOME_END; i++) {
        enum fold_outcome outcome = (enum fold_outcome)i;

        if (counts[i] > 0 || outcome == FOLD_COUNTED) {
            say_object(say, NULL);
            tell_outcome(say, "outcome", outcome);
            say_total(say, "events", counts[i]);
            tell_meaning(say, outcome);
            say_object_end(say);
        }
    }
    say_array_end(say);
}

void view_outcome_totals(struct scene *scene, const char *key)
{
    struct fold_totals totals = {.events = 0};

    if (scene->fold != NULL) {
        fold_totals(scene->fold, &totals);
    }
    tell_counts(&scene->say, key, totals.outcomes);
}

/* What counts is all that was received less what does not. */
static uint64_t received_of(struct scene *scene, uint32_t number)
{
    const struct context_agent *agent = context_agent(scene->context, number);
    struct ledger_snapshot *snapshot = NULL;
    uint64_t events = 0;

    if (agent == NULL ||
        !scene_ok(scene, ledger_snapshot_open(scene->source->view->ledger,
                                              &snapshot))) {
        return 0;
    }
    for (uint32_t i = 0; i < agent->epoch_count; i++) {
        struct ledger_stream stream;

        if (scene_ok(scene, ledger_stream(snapshot, &agent->id,
                                          &agent->epochs[i].id, &stream))) {
            events += stream.next_seq - 1;
        }
    }
    ledger_snapshot_close(&snapshot);
    return events;
}

void view_outcomes(struct scene *scene, const uint32_t agents[], size_t count)
{
    uint64_t counts[FOLD_OUTCOME_END] = {0};

    for (size_t i = 0; i < count && scene->fold != NULL; i++) {
        size_t found = 0;
        struct fold_result *results = results_of(scene, agents[i], &found);
        uint64_t received = received_of(scene, agents[i]);

        for (size_t k = 0; k < found; k++) {
            counts[results[k].outcome]++;
        }
        /* Whose they are that count is not known one by one. */
        if (scene->query->reader.home == 0) {
            counts[FOLD_COUNTED] += received > found ? received - found : 0;
        }
        free(results);
    }
    tell_counts(&scene->say, "outcomes", counts);
}

void view_outcome_row(struct scene *scene, const char *key,
                      const struct fold_result *result,
                      const struct event *event)
{
    struct say *say = &scene->say;
    const struct catalogue_type *type =
        event == NULL || event->fault != EVENT_FAULT_NONE
            ? NULL
            : catalogue_type(event->type);
    char id[EVENT_ID_TEXT_MAX];

    say_object(say, key);
    event_id_format(result->event, id);
    say_text(say, "event", id);
    tell_outcome(say, "outcome", result->outcome);
    if (type != NULL) {
        say_object(say, "type");
        say_text(say, "name", type->name);
        say_labels(say, "label", type->label);
        say_object_end(say);
    } else {
        say_null(say, "type");
    }
    say_text(say, "field",
             type == NULL || result->field == 0
                 ? NULL
                 : validate_field_name(type->number, result->field));
    say_text(say, "rule", status_rule_name(result));
    if (result->other != 0) {
        event_id_format(result->other, id);
    }
    say_text(say, "other", result->other != 0 ? id : NULL);
    tell_meaning(say, result->outcome);
    say_object_end(say);
}

void view_mend_rows(struct scene *scene, const uint32_t agents[], size_t count,
                    uint64_t after, size_t limit, uint64_t *next,
                    uint64_t *total)
{
    size_t told = 0;
    uint64_t last = 0;

    *next = 0;
    *total = 0;
    say_array(&scene->say, "to_mend");
    for (size_t i = 0; i < count && scene->fold != NULL; i++) {
        size_t found = 0;
        struct fold_result *results = results_of(scene, agents[i], &found);

        for (size_t k = 0; k < found; k++) {
            struct event event;
            bool read;

            if (!is_to_mend(results[k].outcome)) {
                continue;
            }
            ++*total;
            if (results[k].event <= after) {
                continue;
            }
            if (told == limit) {
                *next = last;
                continue;
            }
            read = tally_event(scene->tally, results[k].event, &event) ==
                   STATUS_OK;
            view_outcome_row(scene, NULL, &results[k], read ? &event : NULL);
            last = results[k].event;
            told++;
        }
        free(results);
    }
    say_array_end(&scene->say);
}
