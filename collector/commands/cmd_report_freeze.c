/* report freeze: what was submitted becomes an entry, so that it can be made
 * again to the byte. The entry changes no figure and has nothing folded
 * again. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/figures/position.h"
#include "collector/reports/form_choice.h"

struct freezing {
    struct control_freeze freeze;
    bool again;  /* a report that was frozen may be frozen once more */
    bool same;   /* it was frozen so already */
    bool frozen; /* otherwise */
};

/* The freeze of the same report that holds. */
static const struct context_freeze *held(const struct context *context,
                                         const struct control_freeze *freeze)
{
    for (size_t i = context_freeze_count(context); i > 0; i--) {
        const struct context_freeze *at = context_freeze_at(context, i - 1);

        if (strcmp(at->freeze.plan_id, freeze->plan_id) == 0 &&
            at->freeze.regime == freeze->regime &&
            at->freeze.period_kind == freeze->period_kind &&
            at->freeze.period_key == freeze->period_key &&
            at->freeze.unit == freeze->unit) {
            return at;
        }
    }
    return NULL;
}

static enum status compose(void *owner, const struct context *context,
                           struct control controls[], size_t *count)
{
    struct freezing *self = owner;
    const struct context_freeze *before = held(context, &self->freeze);

    *count = 0;
    self->same = before != NULL &&
                 digest_equal(&before->freeze.figures, &self->freeze.figures);
    self->frozen = before != NULL && !self->same;
    if (self->same || (self->frozen && !self->again)) {
        return STATUS_OK;
    }
    self->frozen = false;
    controls[0].kind = CONTROL_REPORT_FREEZE;
    controls[0].freeze = self->freeze;
    *count = 1;
    return STATUS_OK;
}

static enum status tell_refused(const struct args *args)
{
    static const struct language_text other = {
        "báo cáo này đã được chốt với số liệu khác; để chốt lại thành bản "
        "mới: --again",
        "the report is frozen with other figures; to freeze it anew: --again"};

    args_error(args, "%s", args_text(args, other));
    return STATUS_REFUSED;
}

/* Prints the entry that holds for the report now: it may be another process
 * that has appended it. */
static enum status tell(const struct args *args, const struct freezing *self)
{
    static const struct language_text same = {
        "báo cáo này đã được chốt với đúng số liệu đó, không thêm gì",
        "the report is frozen with these very figures, nothing was added"};
    const struct context_freeze *freeze = NULL;
    struct reading reading;
    enum status status;

    if (self->frozen) {
        return tell_refused(args);
    }
    if (self->same) {
        (void)fprintf(stderr, "%s\n", args_text(args, same));
    }
    status = reading_open(args, &reading);
    if (status == STATUS_OK) {
        freeze = held(province_context(reading.province), &self->freeze);
    }
    if (freeze != NULL) {
        (void)printf("%" PRIu64 "\n", freeze->index);
    }
    reading_close(&reading);
    return status;
}

static enum status give_order(const struct args *args, struct freezing *self)
{
    struct writer_order order = {.owner = self, .compose = compose};
    struct writer *writer = NULL;
    struct clock clock;
    enum status status;

    clock_init_real(&clock);
    status = command_writer(args, &clock, &writer);
    if (status == STATUS_OK) {
        status = command_order(args, writer, &order);
    }
    writer_close(&writer);
    return status == STATUS_OK ? tell(args, self) : status;
}

/* What the report is made of and what it says. */
static enum status describe(const struct form_choice *choice,
                            const struct form *form,
                            struct control_freeze *freeze)
{
    const struct period *period = &choice->days.period;

    (void)snprintf(freeze->plan_id, sizeof freeze->plan_id, "%s",
                   choice->plan->id);
    freeze->regime = period->regime;
    freeze->period_kind = period->kind;
    freeze->period_key = period->key;
    freeze->unit = choice->unit;
    freeze->at_index = form->position;
    return form_digest(form, &freeze->figures);
}

/* What is put on record must follow from the position alone. */
static enum status refuse_other_plan(const struct args *args,
                                     const struct reading *reading)
{
    static const struct language_text other = {
        "chỉ chốt được báo cáo theo bản kế hoạch có hiệu lực lúc đó",
        "only a report by the plan that was in force then can be frozen"};

    if (!reading->adopted) {
        return STATUS_OK;
    }
    args_error(args, "--plan %s: %s", args_value(args, "plan"),
               args_text(args, other));
    return STATUS_USAGE;
}

enum status cmd_report_freeze(const struct args *args, void *context)
{
    struct freezing self = {.again = args_flag(args, "again")};
    struct form_choice choice;
    struct reading reading;
    struct form *form = NULL;
    enum status status = reading_open(args, &reading);

    (void)context;
    if (status == STATUS_OK) {
        status = position_choose(args, "as-of", &reading);
    }
    if (status == STATUS_OK) {
        status = refuse_other_plan(args, &reading);
    }
    if (status == STATUS_OK) {
        status = form_choose(args, &reading, &choice);
    }
    if (status == STATUS_OK) {
        status = form_read(args, &reading, &choice, &form);
    }
    if (status == STATUS_OK) {
        status = describe(&choice, form, &self.freeze);
    }
    form_free(&form);
    reading_close(&reading);
    return status == STATUS_OK ? give_order(args, &self) : status;
}
