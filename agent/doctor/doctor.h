/* doctor - what is wrong with this office, in words, and what to do about it.
 *
 * Flow     agent.yaml, keys, disk, spool, network -> [doctor] -> findings
 * Owns     what it opened; doctor_close().
 * Threads  one, as the spool. Runs beside the daemon, and without it.
 * Limits   DOCTOR_REACH_MS an address and step.
 *
 * Each part looks at what the parts before it have opened and leaves out what
 * cannot be known without. Nothing is changed and nothing is sent: a line is
 * opened until both sides know each other's keys, and closed again.
 */
#ifndef TALLYLINE_AGENT_DOCTOR_H
#define TALLYLINE_AGENT_DOCTOR_H

#include <stdbool.h>

#include "agent/office/keyring.h"
#include "agent/office/office.h"
#include "common/base/args.h"
#include "common/base/clock.h"
#include "common/base/findings.h"

#define DOCTOR_REACH_MS 5000

struct doctor {
    const struct args *args;
    char dir[OFFICE_PATH_MAX];
    struct clock clock;
    struct findings findings;
    struct config config;
    bool has_config;
    struct keyring keyring;
    bool has_keys;
    struct office *office; /* NULL: it cannot be opened */
};

/* agent.yaml, keys, disk and spool; opens the office when they are good. */
void doctor_machine(struct doctor *doctor);
/* The machine's clock, by itself and by what the province and the spool say. */
void doctor_clock(struct doctor *doctor);
/* The service, every address of the province, and how the line stands. */
void doctor_line(struct doctor *doctor);
/* What the province has sent down, and what waits for somebody. */
void doctor_office(struct doctor *doctor);
void doctor_close(struct doctor *doctor);

#endif
