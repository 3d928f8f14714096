/* sample_event - an event of every type with every field filled.
 *
 * The golden files pin the bytes of these events, so a value here is never
 * changed; new fields of a type get values by their number.
 */
#ifndef TALLYLINE_TESTS_SAMPLE_EVENT_H
#define TALLYLINE_TESTS_SAMPLE_EVENT_H

#include "common/event/event.h"

/* Every header field and every body field that the catalogue lists. The event
 * is a correction too, so it is meant for the codec, not for the rules. */
void sample_event_full(uint32_t type, struct event *event);

/* The smallest event of the type that keeps every rule of validate.h when
 * units are not looked up: unit 1500025, 2018-03-05, recorded that day. */
void sample_event_valid(uint32_t type, struct event *event);

#endif
