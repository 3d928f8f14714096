/* audit diff: which figures differ between two positions of the ledger, and
 * which events and control entries made them differ. */
#include "collector/audit/difference.h"
#include "collector/audit/difference_print.h"
#include "collector/commands/commands.h"
#include "collector/figures/position.h"
#include "common/base/listing.h"

#include <stdio.h>

static enum status read_positions(const struct args *args,
                                  const struct reading *reading, uint64_t *from,
                                  uint64_t *to)
{
    static const struct language_text order = {
        "lúc sau phải sau lúc trước", "the second must come after the first"};
    struct ledger_snapshot *snapshot = NULL;
    enum status status = ledger_snapshot_open(reading->ledger, &snapshot);

    if (status != STATUS_OK) {
        return command_fail(args, reading->directory.path, status);
    }
    status = position_parse(args, "A", args->operands[0], snapshot, from);
    if (status == STATUS_OK) {
        status = position_parse(args, "B", args->operands[1], snapshot, to);
    }
    if (status == STATUS_OK && *from > *to) {
        args_error(args, "%s %s: %s", args->operands[0], args->operands[1],
                   args_text(args, order));
        status = STATUS_USAGE;
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

/* A sum that does not add up is our fault, and must not pass for an answer. */
static enum status check_explained(const struct args *args,
                                   const struct difference *difference)
{
    static const struct language_text wrong = {
        "có số liệu mà các nguyên nhân không cộng thành thay đổi",
        "the causes of a figure do not add up to its change"};

    for (size_t i = 0; i < difference->figure_count; i++) {
        if (!difference->figures[i].explained) {
            args_error(args, "%s", args_text(args, wrong));
            return STATUS_CORRUPT;
        }
    }
    return STATUS_OK;
}

enum status cmd_audit_diff(const struct args *args, void *unused)
{
    struct reading reading;
    struct difference *difference = NULL;
    enum listing_format format;
    uint64_t from = 0, to = 0, most = DIFFERENCE_SHOWN;
    enum status status = reading_open(args, &reading);

    (void)unused;
    if (status == STATUS_OK) {
        status = listing_format_given(args, &format);
    }
    if (status == STATUS_OK) {
        status = args_number(args, "limit", 1, UINT64_MAX, &most);
    }
    if (status == STATUS_OK) {
        status = read_positions(args, &reading, &from, &to);
    }
    if (status == STATUS_OK) {
        status = difference_new(args, &reading, from, to, &difference);
    }
    if (status == STATUS_OK) {
        status = difference_print(args, &reading, difference, format, most);
    }
    if (status == STATUS_OK) {
        status = check_explained(args, difference);
    }
    difference_free(&difference);
    reading_close(&reading);
    return status;
}
