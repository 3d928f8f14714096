/* reference - names of things and of events that carry no meaning.
 *
 * Flow     form, CSV -> [reference] -> event;  event -> [reference] -> people
 * Owns     nothing.
 * Threads  any; pure.
 *
 * One number (an id60) names a thing or an event: agent, epoch, number. The
 * text of a reference has a check character (ISO/IEC 7064 MOD 37,36) over
 * kind, agent, epoch and number, so that a slip of the pen is caught before
 * it is saved: EST-0271-000123-K, EST-0271.2-000123-K for epoch 2,
 * HOT-0000-000001-K for the province's own.
 */
#ifndef TALLYLINE_REFERENCE_H
#define TALLYLINE_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"

#define REFERENCE_AGENT_MAX ((1u << 20) - 1u)
#define REFERENCE_EPOCH_MAX 255u
#define REFERENCE_TEXT_MAX  40u /* with the closing zero */
#define EVENT_ID_TEXT_MAX   32u

/* Numbers as in enum ReferenceKind of proto/event.proto. */
enum reference_kind {
    REFERENCE_ESTABLISHMENT = 1, /* EST */
    REFERENCE_HOTSPOT,           /* HOT */
    REFERENCE_MODEL,             /* MOD */
    REFERENCE_CASE,              /* CAS */
    REFERENCE_TIP,               /* TIP */
    REFERENCE_INSPECTION,        /* INS */
    REFERENCE_KIND_END
};

uint64_t id60_make(uint32_t agent, uint32_t epoch, uint32_t number);
uint32_t id60_agent(uint64_t id);
uint32_t id60_epoch(uint64_t id);
uint32_t id60_number(uint64_t id);
/* Within the limits, number not 0, epoch 0 only for agent 0. */
bool id60_valid(uint64_t id);

/* Writes the text, closed by a zero. */
void reference_format(enum reference_kind kind, uint64_t id,
                      char text[REFERENCE_TEXT_MAX]);
enum reference_error {
    REFERENCE_OK = 0,
    REFERENCE_NOT_ONE,
    REFERENCE_OTHER_KIND,
    REFERENCE_CHECK_CHARACTER
};
/* Reads a reference of `kind`; lower case, blanks around it and missing
 * leading zeros are taken. STATUS_INVALID: not a reference, another kind, or
 * the check character does not fit; `why` (may be NULL) then says which. */
MUST_USE enum status reference_parse(const char *text, size_t size,
                                     enum reference_kind kind, uint64_t *id,
                                     enum reference_error *why);
/* The three letters, or NULL. */
const char *reference_prefix(enum reference_kind kind);

/* "271.1.42" */
void event_id_format(uint64_t id, char text[EVENT_ID_TEXT_MAX]);
MUST_USE enum status event_id_parse(const char *text, size_t size,
                                    uint64_t *id);

#endif
