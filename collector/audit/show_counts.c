#include "collector/audit/show_counts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/audit/chains.h"
#include "common/base/text.h"
#include "common/base/words.h"
#include "common/event/reference.h"
#include "common/event/validate.h"
#include "common/figures/indicator_uses.h"

/* "│  " or "├─ " for each version above it. */
#define TREE_MAX (7u * CHAIN_STEPS_MAX + 16u)

struct counting {
    const struct args *args;
    const struct reading *reading;
    const struct fold *fold;
    struct chains *chains; /* looks events up */
    struct words words;
    uint64_t shown; /* the event that was asked for */
    struct fold_version versions[SHOW_VERSIONS_MAX];
    size_t version_count;
};

static const char *pick(const struct counting *self, const char *vi,
                        const char *en)
{
    return self->args->language == LANGUAGE_EN ? en : vi;
}

/* ---- the outcome ---- */

static void print_outcome(const struct counting *self, uint64_t id,
                          const struct event *event)
{
    struct fold_result result;
    char other[EVENT_ID_TEXT_MAX];

    fold_result(self->fold, id, &result);
    (void)fputs(fold_outcome_text(result.outcome, self->args->language),
                stdout);
    if (result.outcome == FOLD_INVALID && result.rule < VALIDATE_RULE_END &&
        result.field != 0) {
        struct validate_issue issue = {.rule = (enum validate_rule)result.rule,
                                       .field = result.field,
                                       .value = result.value};
        char text[VALIDATE_TEXT_MAX];

        struct validate_reader reader = {.vocabulary = self->words.vocabulary,
                                         .units = self->words.units,
                                         .language = self->args->language,
                                         .keys = true};

        (void)validate_describe(event, &issue, &reader, text);
        (void)printf(". %s", text);
    } else if (result.field != 0) {
        (void)printf(" (%s = %" PRIu64 ")",
                     validate_field_name(event->type, result.field),
                     result.value);
    }
    if (result.other != 0) {
        event_id_format(result.other, other);
        (void)printf(" (%s)", other);
    }
}

/* ---- the versions ---- */

static enum status draw(const struct counting *self, uint64_t id,
                        const char *indent, const char *mark, unsigned depth)
{
    struct event event;
    struct entry entry;
    char word[EVENT_ID_TEXT_MAX], day[TEXT_DATE_MAX], below[TREE_MAX];
    const char *next;
    enum status status = chains_event(self->chains, id, &event, &entry);

    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    }
    /* What stands in front of the versions below this one. */
    next = mark[0] == '\0' ? "" : strcmp(mark, "├─ ") == 0 ? "│  " : "   ";
    event_id_format(id, word);
    (void)printf("  %s%s%s%s", indent, mark, word,
                 id == self->shown ? " *" : "");
    if (status == STATUS_NOT_FOUND) {
        (void)printf(": %s\n",
                     pick(self, "chưa nhận được", "has not been received"));
    } else {
        text_format_date(event.occurred_on, self->args->language, day);
        (void)printf(": %s, %s, %s %" PRIu64 ": ",
                     words_type(&self->words, &event), day,
                     pick(self, "mục", "entry"), entry.index);
        print_outcome(self, id, &event);
        (void)fputc('\n', stdout);
    }
    for (size_t i = 0; i < self->version_count && depth < CHAIN_STEPS_MAX;
         i++) {
        bool more = false;

        if (self->versions[i].parent != id || self->versions[i].event == id) {
            continue;
        }
        for (size_t k = i + 1; k < self->version_count && !more; k++) {
            more = self->versions[k].parent == id;
        }
        (void)snprintf(below, sizeof below, "%s%s", indent, next);
        status = draw(self, self->versions[i].event, below,
                      more ? "├─ " : "└─ ", depth + 1);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status print_versions(struct counting *self,
                                  const struct event *event)
{
    uint64_t first = self->shown;
    size_t found = fold_versions(
        self->fold, event->target != 0 ? event->target : self->shown, &first,
        self->versions, SHOW_VERSIONS_MAX);

    self->version_count = found < SHOW_VERSIONS_MAX ? found : SHOW_VERSIONS_MAX;
    if (found == 0) {
        return STATUS_OK;
    }
    (void)printf("%s\n", pick(self, "Các bản của nó", "Its versions"));
    if (found > SHOW_VERSIONS_MAX) {
        (void)printf("  %s\n", pick(self, "quá nhiều; chỉ vẽ 256 bản",
                                    "too many; 256 are drawn"));
    }
    return draw(self, first, "", "", 0);
}

/* ---- the figures ---- */

static void print_indicator(const struct counting *self,
                            const struct plan *plan, uint32_t indicator)
{
    enum language language = self->args->language;
    bool named = false;

    for (uint32_t i = 0; i < plan->target_count; i++) {
        if (plan->targets[i].indicator == indicator) {
            (void)printf("  %s  %s\n", plan->targets[i].id,
                         language_pick(plan->targets[i].label, language));
            named = true;
        }
    }
    if (!named) {
        (void)printf(
            "  %s  %s\n", plan->indicators[indicator].id,
            language_pick(plan->indicators[indicator].label, language));
    }
}

static void print_figures(const struct counting *self,
                          const struct event *event)
{
    const struct context *context = province_context(self->reading->province);

    for (size_t p = 0; p < context_plan_count(context); p++) {
        const struct context_plan *in_force = context_plan_at(context, p);
        const struct plan *plan = in_force->plan;
        bool begun = false;

        for (uint32_t i = 0; i < plan->indicator_count; i++) {
            if (!indicator_uses(self->fold, plan, i, event)) {
                continue;
            }
            if (!begun) {
                (void)printf("%s %s %s %" PRIu32 "\n",
                             pick(self, "Được tính vào, theo kế hoạch",
                                  "It goes into, by plan"),
                             plan->id, pick(self, "bản", "revision"),
                             in_force->revision);
                begun = true;
            }
            print_indicator(self, plan, i);
        }
    }
}

enum status show_counts(const struct args *args, const struct reading *reading,
                        const struct ledger_snapshot *snapshot, uint64_t id,
                        const struct event *event)
{
    const struct context *context = province_context(reading->province);
    struct chains_progress silent = {.owner = NULL};
    struct counting self = {.args = args,
                            .reading = reading,
                            .fold = tally_fold(reading->tally),
                            .words = {.units = context_units(context),
                                      .vocabulary = context_vocabulary(context),
                                      .language = args->language},
                            .shown = id};
    struct fold_result result;
    enum status status = chains_new(snapshot, false, silent, &self.chains);

    if (status != STATUS_OK) {
        return status;
    }
    (void)printf(args->language == LANGUAGE_EN
                     ? "Of the ledger of %" PRIu64 " entries: "
                     : "Theo sổ cái %" PRIu64 " mục: ",
                 tally_position(reading->tally));
    print_outcome(&self, id, event);
    (void)fputc('\n', stdout);
    status = print_versions(&self, event);
    fold_result(self.fold, id, &result);
    if (status == STATUS_OK && result.outcome == FOLD_COUNTED) {
        print_figures(&self, event);
    }
    chains_free(&self.chains);
    return status;
}
