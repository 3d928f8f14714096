#include "collector/commands/status_witness.h"

#include "collector/ledger/checkpoints.h"
#include "common/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What this agent has said; nothing at all reads as zeroes. */
static void find(const struct ledger_snapshot *snapshot, uint32_t agent,
                 struct ledger_witness *witness)
{
    if (ledger_next_witness(snapshot, agent, witness) != STATUS_OK ||
        witness->agent != agent) {
        memset(witness, 0, sizeof *witness);
    }
}

void status_witness_put(const struct ledger_snapshot *snapshot, uint32_t agent,
                        struct listing *listing)
{
    struct ledger_witness witness;

    find(snapshot, agent, &witness);
    if (witness.cosignature.size != 0) {
        listing_number(listing, (int64_t)witness.cosignature.size);
        listing_moment(listing, witness.cosignature.time * CLOCK_US_PER_S);
    } else {
        listing_none(listing);
        listing_none(listing);
    }
    if (witness.objection.reason != 0 && witness.objection.settled == 0) {
        listing_text(listing,
                     checkpoints_reason_token(witness.objection.reason));
    } else {
        listing_none(listing);
    }
}

/* ---- the head ---- */

static void count(const struct ledger_snapshot *snapshot, uint64_t last,
                  size_t *witnesses, size_t *current)
{
    struct ledger_witness witness;
    uint32_t from = 0;

    *witnesses = 0;
    *current = 0;
    while (ledger_next_witness(snapshot, from, &witness) == STATUS_OK) {
        *witnesses += witness.cosignature.size != 0;
        *current += last != 0 && witness.cosignature.size == last;
        if (witness.agent == UINT32_MAX) {
            return;
        }
        from = witness.agent + 1;
    }
}

/* A word of what only the running collector knows, as its own enumeration has
 * it; good when nothing is known. */
static enum checkpoints_trouble trouble_of(const struct live *live)
{
    const char *token =
        live_text(json_object_get(live->standing, "checkpoints"), "trouble");

    for (unsigned i = 0; token != NULL && i < CHECKPOINTS_TROUBLE_END; i++) {
        if (strcmp(token, checkpoints_trouble_token(
                              (enum checkpoints_trouble)i)) == 0) {
            return (enum checkpoints_trouble)i;
        }
    }
    return CHECKPOINTS_GOOD;
}

static void print_trouble(const struct args *args, const struct live *live)
{
    static const struct language_text alarm = {"CẢNH BÁO SỔ CÁI",
                                               "LEDGER ALARM"};
    static const struct language_text about = {"mốc xác nhận", "checkpoint of"};
    static const struct language_text by = {"do trạm giữ", "held by agent"};
    const json_t *checkpoints = json_object_get(live->standing, "checkpoints");
    enum checkpoints_trouble trouble = trouble_of(live);
    uint64_t agent = live_number(checkpoints, "trouble_agent");

    if (trouble == CHECKPOINTS_GOOD) {
        return;
    }
    (void)printf("%s: %s (%s %" PRIu64, args_text(args, alarm),
                 checkpoints_trouble_text(trouble, args->language),
                 args_text(args, about),
                 live_number(checkpoints, "trouble_size"));
    if (agent != 0) {
        (void)printf(", %s %" PRIu64, args_text(args, by), agent);
    }
    (void)printf(")\n");
}

void status_witness_head(const struct args *args, const struct reading *reading,
                         const struct live *live)
{
    static const struct language_text none = {"mốc xác nhận: chưa ký mốc nào",
                                              "checkpoint: none signed so far"};
    static const struct language_text last = {"mốc xác nhận cuối, số mục",
                                              "last checkpoint, entries"};
    static const struct language_text seen = {
        "số trạm làm chứng mốc này; từng làm chứng",
        "agents that have witnessed it; ever witnessed"};
    struct ledger_snapshot *snapshot = NULL;
    struct bytes note;
    uint64_t size = 0;
    size_t witnesses = 0;
    size_t current = 0;

    if (ledger_snapshot_open(reading->ledger, &snapshot) != STATUS_OK) {
        return;
    }
    if (ledger_checkpoint_below(snapshot, UINT64_MAX, &size, &note) !=
        STATUS_OK) {
        (void)printf("%s\n", args_text(args, none));
    } else {
        count(snapshot, size, &witnesses, &current);
        (void)printf("%s: %" PRIu64 "; %s: %zu; %zu\n", args_text(args, last),
                     size, args_text(args, seen), current, witnesses);
    }
    ledger_snapshot_close(&snapshot);
    print_trouble(args, live);
}

/* ---- objections ---- */

static void print_note(const struct args *args, struct language_text label,
                       const struct wire_note *bytes)
{
    static const struct language_text entries = {"mục, gốc", "entries, root"};
    static const struct language_text unreadable = {"không đọc được",
                                                    "cannot be read"};
    char root[BYTES_BASE64_SIZE(DIGEST_BYTES)];
    struct checkpoint checkpoint;
    struct note note;

    if (bytes->size == 0) {
        return;
    }
    if (note_open((struct bytes){bytes->bytes, bytes->size}, &note) !=
            STATUS_OK ||
        checkpoint_read(note.text, &checkpoint) != STATUS_OK ||
        bytes_to_base64((struct bytes){checkpoint.root.bytes, DIGEST_BYTES},
                        root, sizeof root) != STATUS_OK) {
        (void)printf("    %s: %s\n", args_text(args, label),
                     args_text(args, unreadable));
        return;
    }
    (void)printf("    %s: %" PRIu64 " %s %s\n", args_text(args, label),
                 checkpoint.size, args_text(args, entries), root);
}

void status_witness_explain(const struct args *args,
                            const struct reading *reading)
{
    static const struct language_text held = {"trạm đang giữ",
                                              "the office holds"};
    static const struct language_text given = {"mốc xác nhận được gửi",
                                               "it was given"};
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_witness witness;
    char moment[TEXT_MOMENT_MAX];
    uint32_t from = 0;

    if (ledger_snapshot_open(reading->ledger, &snapshot) != STATUS_OK) {
        return;
    }
    while (ledger_next_witness(snapshot, from, &witness) == STATUS_OK) {
        const struct ledger_objection *objection = &witness.objection;

        if (objection->reason != 0 && objection->settled == 0) {
            text_format_clock(objection->at, args->language, moment);
            (void)printf(
                "  %" PRIu32 ": %s: %s (%s)\n", witness.agent,
                checkpoints_reason_token(objection->reason),
                checkpoints_reason_text(objection->reason, args->language),
                moment);
            print_note(args, held, &objection->held);
            print_note(args, given, &objection->given);
        }
        if (witness.agent == UINT32_MAX) {
            break;
        }
        from = witness.agent + 1;
    }
    ledger_snapshot_close(&snapshot);
}
