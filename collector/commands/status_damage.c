#include "collector/commands/status_damage.h"

#include <inttypes.h>

#include "collector/ledger/ledger_damage.h"
#include "common/base/text.h"

static void print_scrubbed(const struct args *args,
                           const struct ledger_snapshot *snapshot, FILE *out)
{
    static const struct language_text last = {"lần soát cuối",
                                              "last scrub of the ledger"};
    static const struct language_text found = {"chỗ hỏng tìm thấy",
                                               "damaged places found"};
    struct ledger_scrubbed scrubbed;
    char moment[TEXT_MOMENT_MAX];

    if (ledger_scrubbed(snapshot, &scrubbed) == STATUS_OK) {
        text_format_clock(scrubbed.ended_at, args->language, moment);
        (void)fprintf(out, "%s: %s; %s: %" PRIu64 "\n", args_text(args, last),
                      moment, args_text(args, found), scrubbed.found);
    }
}

static void print_damage(const struct args *args,
                         const struct ledger_snapshot *snapshot, FILE *out)
{
    static const struct language_text damaged = {
        "BỊ HỎNG, chưa chữa được, mục", "DAMAGED, not healed yet, entries"};
    struct ledger_damage damage;
    uint64_t count = 0;
    uint64_t next = 0;

    while (ledger_next_damage(snapshot, next, &damage) == STATUS_OK) {
        if (count == 0) {
            (void)fprintf(out, "%s:", args_text(args, damaged));
        }
        if (count < STATUS_DAMAGE_NAMED) {
            (void)fprintf(out, " %" PRIu64, damage.index);
        }
        count++;
        next = damage.index + 1;
    }
    if (count > STATUS_DAMAGE_NAMED) {
        (void)fprintf(out, " ... (%" PRIu64 ")", count);
    }
    if (count > 0) {
        (void)fprintf(out, "\n");
    }
}

void status_damage(const struct args *args, struct ledger *ledger, FILE *out)
{
    struct ledger_snapshot *snapshot = NULL;

    if (ledger_snapshot_open(ledger, &snapshot) == STATUS_OK) {
        print_scrubbed(args, snapshot, out);
        print_damage(args, snapshot, out);
    }
    ledger_snapshot_close(&snapshot);
}
