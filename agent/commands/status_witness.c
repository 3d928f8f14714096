#include "agent/commands/status_witness.h"

#include "agent/line/witness.h"
#include "agent/office/standing.h"
#include "common/base/clock.h"
#include "common/base/text.h"

#include <stdio.h>

void status_witness_put(const struct spool_witness *witness, int64_t now,
                        struct listing *listing)
{
    struct checkpoint held;

    witness_read(&witness->held, &held);
    if (held.size == 0) {
        listing_none(listing);
        listing_none(listing);
    } else {
        listing_number(listing, (int64_t)held.size);
        listing_moment(listing, witness->held_at);
    }
    if (held.size == 0 && !standing_alarm(witness)) {
        listing_none(listing);
    } else {
        listing_text(listing, standing_ledger_token(witness, now));
    }
    if (standing_alarm(witness)) {
        listing_moment(listing, witness->since);
    } else {
        listing_none(listing);
    }
    if (witness->proven_at != 0) {
        listing_number(listing, (int64_t)witness->proven);
    } else {
        listing_none(listing);
    }
}

/* ---- for people ---- */

static void print_note(enum language language, struct language_text label,
                       const struct wire_note *note)
{
    static const struct language_text entries = {"mục, gốc", "entries, root"};
    static const struct language_text none = {"không đọc được",
                                              "cannot be read"};
    char root[BYTES_BASE64_SIZE(DIGEST_BYTES)];
    char size[TEXT_NUMBER_MAX];
    struct checkpoint checkpoint;

    if (note->size == 0) {
        return;
    }
    witness_read(note, &checkpoint);
    if (checkpoint.size == 0 ||
        bytes_to_base64((struct bytes){checkpoint.root.bytes, DIGEST_BYTES},
                        root, sizeof root) != STATUS_OK) {
        (void)printf("  %s: %s\n", language_pick(label, language),
                     language_pick(none, language));
        return;
    }
    text_format_count(checkpoint.size, language, size);
    (void)printf("  %s: %s %s %s\n", language_pick(label, language), size,
                 language_pick(entries, language), root);
}

static void print_moment(enum language language, struct language_text label,
                         int64_t moment)
{
    char text[TEXT_MOMENT_MAX];

    text_format_clock(moment, language, text);
    (void)printf("  %s: %s\n", language_pick(label, language), text);
}

/* The two checkpoints that do not fit. */
static void print_evidence(const struct spool_witness *witness,
                           enum language language)
{
    static const struct language_text seen = {"máy này đã thấy",
                                              "this machine has seen"};
    static const struct language_text given = {"tỉnh gửi", "the province sent"};

    print_note(language, seen, &witness->alarm_held);
    print_note(language, given, &witness->alarm_given);
}

static void print_alarm(const struct spool_witness *witness,
                        enum language language)
{
    static const struct language_text alarm = {"CẢNH BÁO SỔ CÁI",
                                               "LEDGER ALARM"};
    static const struct language_text since = {"từ", "since"};
    static const struct language_text last = {"lần cuối", "last time"};

    (void)printf("%s: %s\n", language_pick(alarm, language),
                 witness_reason_text(witness->reason, language));
    print_evidence(witness, language);
    print_moment(language, since, witness->since);
    print_moment(language, last, witness->last);
}

static void print_behind(const struct spool_witness *witness,
                         enum language language)
{
    static const struct language_text left = {"số mục tỉnh còn",
                                              "entries that it has"};
    static const struct language_text since = {"từ", "since"};
    char entries[TEXT_NUMBER_MAX];

    text_format_count(witness->behind, language, entries);
    (void)printf("%s; %s: %s\n", language_pick(standing_behind, language),
                 language_pick(left, language), entries);
    print_moment(language, since, witness->behind_at);
}

static void print_seen(const struct spool_witness *witness,
                       const struct checkpoint *held, enum language language)
{
    static const struct language_text seen = {
        "Sổ cái của tỉnh, số mục máy này đã làm chứng",
        "Province's ledger, entries that this machine has witnessed"};
    static const struct language_text proven = {
        "biên nhận đã đối chiếu trong sổ, số",
        "last receipt found in it, entry"};
    char size[TEXT_NUMBER_MAX];
    char moment[TEXT_MOMENT_MAX];

    text_format_count(held->size, language, size);
    text_format_clock(witness->held_at, language, moment);
    (void)printf("%s: %s, %s\n", language_pick(seen, language), size, moment);
    if (witness->proven_at != 0) {
        text_format_clock(witness->proven_at, language, moment);
        (void)printf("  %s %llu, %s\n", language_pick(proven, language),
                     (unsigned long long)witness->proven, moment);
    }
}

static void print_settled(const struct spool_witness *witness,
                          enum language language)
{
    static const struct language_text settled = {
        "Cảnh báo sổ cái trước đây, đã hết", "An earlier ledger alarm, over"};
    char since[TEXT_MOMENT_MAX];
    char until[TEXT_MOMENT_MAX];

    text_format_clock(witness->since, language, since);
    text_format_clock(witness->settled, language, until);
    (void)printf("%s: %s, %s - %s\n", language_pick(settled, language),
                 witness_reason_name(witness->reason, language), since, until);
    print_evidence(witness, language);
}

static void print_unanswered(const struct spool_witness *witness,
                             enum language language)
{
    static const struct language_text since = {"hỏi từ", "asked since"};

    (void)printf("%s %llu\n", language_pick(standing_not_shown, language),
                 (unsigned long long)witness->asked);
    print_moment(language, since, witness->asked_since);
}

void status_witness_print(const struct spool_witness *witness, int64_t now,
                          enum language language)
{
    struct checkpoint held;

    witness_read(&witness->held, &held);
    if (held.size != 0) {
        print_seen(witness, &held, language);
    }
    if (standing_alarm(witness)) {
        print_alarm(witness, language);
    } else if (witness->behind != 0) {
        print_behind(witness, language);
    } else if (standing_unanswered(witness, now)) {
        print_unanswered(witness, language);
    } else if (witness->reason != 0) {
        print_settled(witness, language);
    }
}
