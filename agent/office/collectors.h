/* collectors - the collectors of an office as agent.yaml names them.
 *
 * Flow     agent.yaml <-> config <-> [collectors] -> office, uplink, commands
 * Owns     nothing; the values are copies.
 * Threads  any.
 * Limits   CONFIG_OTHERS_MAX beside the primary; names as in card.h.
 *
 * The primary's address and keys stand at the top of the file, where those of
 * an office with one collector stand. Each has a name, and a slot in which the
 * spool keeps what it says (spool_slots.h): who edits the file leaves that
 * alone.
 */
#ifndef TALLYLINE_AGENT_COLLECTORS_H
#define TALLYLINE_AGENT_COLLECTORS_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/office/config.h"
#include "agent/spool/spool.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/base/yaml.h"

/* What the first one is called until somebody calls it otherwise. */
#define COLLECTORS_FIRST "first"

/* The keys of agent.yaml that are about several of them; mistakes stand in the
 * file's report. */
void collectors_read(const struct yaml *yaml, const struct yaml_node *root,
                     struct config *config);
/* Nothing for an office with one that was never named. STATUS_FULL,
 * STATUS_MEMORY. */
MUST_USE enum status collectors_write(const struct config *config,
                                      struct buffer *out);

/* Has the spool know whose slots are whose. STATUS_CONFIG: the file gives one
 * to another ledger than the spool does. */
MUST_USE enum status collectors_open(const struct config *config,
                                     struct spool *spool);
/* A bit for the slot of each of the others. */
uint32_t collectors_other_slots(const struct config *config);
/* A slot that is nobody's. False: there is none. */
bool collectors_free_slot(const struct config *config, unsigned *slot);
/* The place among the others. False: none of them is called so. */
bool collectors_find(const struct config *config, const char *name,
                     size_t *place);
/* The configuration as it is for the line to one of the others. */
void collectors_view(const struct config *config, size_t place,
                     struct config *view);
/* Marks one of the others as the primary; the one before takes its place. */
void collectors_mark(struct config *config, size_t place);
/* Takes one of the others off. */
void collectors_remove(struct config *config, size_t place);

#endif
