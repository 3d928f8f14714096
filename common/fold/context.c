#include "common/fold/context.h"

#include "common/base/check.h"
#include "common/fold/context_state.h"

#include <stdlib.h>
#include <string.h>

MUST_USE enum status context_new(struct context **context)
{
    *context = calloc(1, sizeof **context);
    return *context == NULL ? STATUS_MEMORY : STATUS_OK;
}

void context_free(struct context **context)
{
    if (*context == NULL) {
        return;
    }
    context_plans_fini(*context);
    units_free(&(*context)->units);
    vocabulary_free(&(*context)->vocabulary);
    context_agents_fini(*context);
    free((*context)->freezes);
    free(*context);
    *context = NULL;
}

static MUST_USE enum status apply_genesis(struct context *context,
                                          uint64_t index,
                                          const struct control_genesis *genesis,
                                          struct report *report)
{
    if (context->begun || index != 0) {
        report_add(report, REPORT_ERROR, NULL, 0, 0,
                   "sổ cái đã được mở rồi: mục %llu không thể mở lại",
                   "the ledger has begun: entry %llu cannot begin it again",
                   (unsigned long long)index);
        return STATUS_INVALID;
    }
    context->begun = true;
    context->genesis = *genesis;
    return STATUS_OK;
}

/* A mark of what is not there yet would let offices throw it away. */
static MUST_USE enum status apply_backup(struct context *context,
                                         uint64_t index,
                                         const struct control *control,
                                         struct report *report)
{
    if (control->backup_mark.up_to_index > index) {
        report_add(report, REPORT_ERROR, NULL, 0, 0,
                   "mục %llu: sổ cái chưa dài bằng bản sao lưu",
                   "entry %llu: the ledger does not reach as far as the backup",
                   (unsigned long long)index);
        return STATUS_INVALID;
    }
    context->backup.index = index;
    context->backup.made_at = control->created_at;
    context->backup.mark = control->backup_mark;
    context->backed_up = true;
    return STATUS_OK;
}

static MUST_USE enum status apply_keys(struct context *context, uint64_t index,
                                       const struct control *control,
                                       struct report *report)
{
    enum status status = province_keys_apply(&context->keys, index, control);

    if (status == STATUS_FULL) {
        report_add(report, REPORT_ERROR, NULL, 0, 0,
                   "mục %llu: khóa của tỉnh đã được thay quá nhiều lần",
                   "entry %llu: the province's keys were replaced too often",
                   (unsigned long long)index);
        status = STATUS_INVALID;
    }
    return status;
}

static void note_break(struct context *context, uint64_t index,
                       const struct control_break *broken)
{
    if (broken->missing_count == 0) {
        return;
    }
    if (context->break_count == CONTEXT_BREAKS_MAX) {
        memmove(&context->breaks[0], &context->breaks[1],
                (CONTEXT_BREAKS_MAX - 1) * sizeof context->breaks[0]);
        context->break_count--;
    }
    context->breaks[context->break_count++] = index;
}

/* What a document of the kind changes when it applies. An enrolment says it
 * by itself. */
static unsigned change_of(enum control_kind kind)
{
    switch (kind) {
    case CONTROL_PLAN:
    case CONTROL_UNITS:
    case CONTROL_VOCABULARY:
    case CONTROL_ERASURE_ORDER:
        return CONTEXT_CHANGED_FIGURES;
    case CONTROL_EPOCH_OPENED: /* where the one before has more than its end */
        return CONTEXT_CHANGED_KEYS | CONTEXT_CHANGED_FIGURES;
    case CONTROL_JOINED:
    case CONTROL_KEY_CHANGE:
    case CONTROL_REVOCATION:
        return CONTEXT_CHANGED_KEYS;
    case CONTROL_BACKUP_MARK:
        return CONTEXT_CHANGED_BACKUP;
    default:
        return CONTEXT_CHANGED_NOTHING;
    }
}

static MUST_USE enum status apply(struct context *context, uint64_t index,
                                  const struct control *control,
                                  struct report *report, unsigned *change)
{
    switch (control->kind) {
    case CONTROL_GENESIS:
        return apply_genesis(context, index, &control->genesis, report);
    case CONTROL_PLAN:
        return context_apply_plan(context, index, &control->files, report);
    case CONTROL_UNITS:
        return context_apply_units(context, index, &control->files, report);
    case CONTROL_VOCABULARY:
        return context_apply_vocabulary(context, index, &control->files,
                                        report);
    case CONTROL_ENROLMENT:
        return context_apply_enrolment(context, &control->enrolment, report,
                                       change);
    case CONTROL_JOINED:
        return context_apply_joined(context, index, control, report);
    case CONTROL_KEY_CHANGE:
        return context_apply_key_change(context, index, control, report);
    case CONTROL_EPOCH_OPENED:
        return context_apply_epoch(context, index, &control->epoch, report);
    case CONTROL_REVOCATION:
        return context_apply_revocation(context, &control->revocation, report);
    case CONTROL_REPORT_FREEZE:
        return context_apply_freeze(context, index, &control->freeze, report);
    case CONTROL_BACKUP_MARK:
        return apply_backup(context, index, control, report);
    case CONTROL_BREAK:
        note_break(context, index, &control->broken);
        break;
    case CONTROL_COLD_MOVE:
    case CONTROL_ERASURE_ORDER:
        break;
    }
    return STATUS_OK;
}

MUST_USE enum status context_apply(struct context *context, uint64_t index,
                                   const struct control *control,
                                   struct report *report, unsigned *change)
{
    unsigned changed = change_of(control->kind);
    enum status status;

    *change = CONTEXT_CHANGED_NOTHING;
    if (!context->begun && control->kind != CONTROL_GENESIS) {
        report_add(report, REPORT_ERROR, NULL, 0, 0,
                   "mục %llu đứng trước mục mở sổ cái",
                   "entry %llu stands before the one that begins the ledger",
                   (unsigned long long)index);
        return STATUS_INVALID;
    }
    status = apply(context, index, control, report, &changed);
    if (status == STATUS_OK) {
        status = apply_keys(context, index, control, report);
    }
    if (status == STATUS_OK) {
        *change = changed;
    }
    return status;
}

const struct control_genesis *context_genesis(const struct context *context)
{
    return context->begun ? &context->genesis : NULL;
}

const struct province_keys *context_province_keys(const struct context *context)
{
    return &context->keys;
}

const struct public_key *context_administrator(const struct context *context)
{
    const struct province_key_pair *last = province_keys_last(&context->keys);

    return last == NULL ? NULL : &last->administrator;
}

const struct public_key *context_ledger_key(const struct context *context)
{
    const struct province_key_pair *last = province_keys_last(&context->keys);

    return last == NULL ? NULL : &last->ledger_key;
}

const struct context_backup *context_backup(const struct context *context)
{
    return context->backed_up ? &context->backup : NULL;
}

size_t context_break_count(const struct context *context)
{
    return context->break_count;
}

uint64_t context_break_at(const struct context *context, size_t position)
{
    check(position < context->break_count);
    return context->breaks[position];
}

const struct units *context_units(const struct context *context)
{
    return context->units;
}

const struct vocabulary *context_vocabulary(const struct context *context)
{
    return context->vocabulary;
}

uint64_t context_vocabulary_index(const struct context *context)
{
    return context->vocabulary_origin.index;
}
