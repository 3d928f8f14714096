/* body - the JSON that the page sends, within bounds.
 *
 * Flow     http body -> [body] -> work
 * Owns     nothing.
 * Threads  any.
 * Limits   HTTP_BODY_MAX bytes, BODY_DEPTH_MAX deep.
 */
#ifndef TALLYLINE_AGENT_BODY_H
#define TALLYLINE_AGENT_BODY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/event/event.h"

#define BODY_DEPTH_MAX 8u

/* Reads one object, in which no key stands twice. Gives. STATUS_INVALID. */
MUST_USE enum status body_read(struct bytes text, json_t **object);
/* Whether every key of the object is one of `known` (ended by NULL). */
bool body_only(const json_t *object, const char *const *known);
/* The text under a key, without a zero in it; NULL: there is none. */
const char *body_text(const json_t *object, const char *key);
/* 32 hex digits: what the page calls a row, its entry_key. */
bool body_key(const char *text, uint8_t key[EVENT_ENTRY_KEY_BYTES]);

#endif
