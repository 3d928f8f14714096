#include "collector/audit/verify_result.h"

#include "common/base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct word {
    const char *token;
    struct language_text text;
};

/* clang-format off */
#define WORD(name, token, vi, en) { token, { vi, en } },
/* clang-format on */

static const struct word parts[] = {VERIFY_PART_LIST(WORD)};
static const struct word faults[] = {VERIFY_FAULT_LIST(WORD)};

struct verify_place verify_nowhere(void)
{
    return (struct verify_place){.index = VERIFY_NOWHERE,
                                 .offset = VERIFY_NOWHERE};
}

struct verify_place verify_at_index(uint64_t index)
{
    struct verify_place place = verify_nowhere();

    place.index = index;
    return place;
}

struct verify_place verify_at_offset(uint64_t offset)
{
    struct verify_place place = verify_nowhere();

    place.offset = offset;
    return place;
}

struct verify_place verify_at_entry(const struct entry *entry)
{
    struct verify_place place = verify_at_index(entry->index);

    if (entry->kind == ENTRY_BATCH) {
        place.agent = entry->agent_number;
        place.epoch = entry->epoch_ordinal;
        place.seq = entry->first_seq;
    }
    return place;
}

void verify_note(const struct verify_results *results,
                 char note[VERIFY_NOTE_MAX], const char *vi, const char *en,
                 ...)
{
    va_list list;

    va_start(list, en);
    (void)vsnprintf(note, VERIFY_NOTE_MAX,
                    results->language == LANGUAGE_EN ? en : vi, list);
    va_end(list);
}

static void keep(struct verify_part_result *result, bool noted,
                 enum verify_fault fault, struct verify_place place,
                 const char *note)
{
    if (result->kept < VERIFY_FINDINGS_MAX) {
        struct verify_finding *finding = &result->findings[result->kept++];

        finding->fault = fault;
        finding->place = place;
        finding->noted = noted;
        (void)snprintf(finding->note, sizeof finding->note, "%s",
                       note == NULL ? "" : note);
    }
}

void verify_found(struct verify_results *results, enum verify_part part,
                  enum verify_fault fault, struct verify_place place,
                  const char *note)
{
    results->parts[part].failed++;
    keep(&results->parts[part], false, fault, place, note);
}

void verify_noted(struct verify_results *results, enum verify_part part,
                  enum verify_fault fault, struct verify_place place,
                  const char *note)
{
    results->parts[part].noted++;
    keep(&results->parts[part], true, fault, place, note);
}

void verify_unchecked(struct verify_results *results, enum verify_part part,
                      struct language_text reason)
{
    struct verify_part_result *result = &results->parts[part];

    if (!result->unchecked) {
        result->unchecked = true;
        result->reason = reason;
    }
}

void verify_nothing(struct verify_results *results, enum verify_part part,
                    struct language_text reason)
{
    struct verify_part_result *result = &results->parts[part];

    if (!result->unchecked) {
        result->reason = reason;
    }
}

enum verify_verdict verify_verdict(const struct verify_part_result *part)
{
    if (part->failed > 0) {
        return VERIFY_FAIL;
    }
    if (part->unchecked) {
        return VERIFY_UNCHECKED;
    }
    if (part->erased > 0) {
        return VERIFY_ERASED;
    }
    if (part->noted > 0) {
        return VERIFY_NOTED;
    }
    return part->reason.en != NULL ? VERIFY_NONE : VERIFY_PASS;
}

bool verify_passes(const struct verify_results *results)
{
    for (size_t i = 0; i < VERIFY_PART_END; i++) {
        enum verify_verdict verdict = verify_verdict(&results->parts[i]);

        if (verdict == VERIFY_FAIL || verdict == VERIFY_UNCHECKED) {
            return false;
        }
    }
    return true;
}

const char *verify_part_token(enum verify_part part)
{
    check(part < VERIFY_PART_END);
    return parts[part].token;
}

struct language_text verify_part_text(enum verify_part part)
{
    check(part < VERIFY_PART_END);
    return parts[part].text;
}

const char *verify_fault_token(enum verify_fault fault)
{
    check(fault < VERIFY_FAULT_END);
    return faults[fault].token;
}

struct language_text verify_fault_text(enum verify_fault fault)
{
    check(fault < VERIFY_FAULT_END);
    return faults[fault].text;
}
