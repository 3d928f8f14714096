/* settings - agent.yaml while the daemon runs: whether it was replaced, and
 * what it says now.
 *
 * Flow     agent.yaml -> [settings] -> the daemon
 * Owns     nothing; the value is a copy.
 * Threads  one.
 *
 * Commands that change it knock at the daemon afterwards; a person who edits it
 * sends SIGHUP. A file with mistakes, or one whose collectors are not those of
 * the spool, is told in the log, and the one before stays in force.
 */
#ifndef TALLYLINE_AGENT_SETTINGS_H
#define TALLYLINE_AGENT_SETTINGS_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "agent/office/office.h"

struct settings {
    ino_t file;
    struct timespec changed;
};

/* Notes which file is in force. */
void settings_note(const char *dir, struct settings *settings);
/* Whether there is another one. */
bool settings_differ(const char *dir, const struct settings *settings);
/* Reads it for an office with a province, and has the spool know whose slots
 * are whose. False: it cannot be used, and nothing has changed. */
bool settings_read(const struct office *office, struct config *config);

#endif
