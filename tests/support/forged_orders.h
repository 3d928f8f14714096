/* forged_orders - what somebody with the administrator's key may try with
 * orders: erasures and frozen reports.
 *
 * Flow     test -> [forged_orders] -> tamper, cold files
 * Owns     nothing.
 * Threads  one.
 *
 * Erasures of a ledger on which audited_move() was called. The forger knows the
 * format, and signs orders as the administrator does; what he lacks are the
 * offices' keys.
 */
#ifndef TALLYLINE_TESTS_FORGED_ORDERS_H
#define TALLYLINE_TESTS_FORGED_ORDERS_H

#include "tests/support/audited.h"
#include "tests/support/tamper.h"

/* The bytes of a batch that was erased lie in the store again, and nothing
 * says that they went; answers the order's entry. */
uint64_t forge_erasure_undone(const struct audited *audited,
                              const struct tamper *tamper);
/* They lie in the cold file again; answers the batch's entry. */
uint64_t forge_erasure_undone_cold(const struct audited *audited);
/* Batch `index` is erased by an order that was signed and never appended. */
void forge_erasure_without_entry(struct audited *audited,
                                 const struct tamper *tamper, uint64_t index);
/* A batch that office `number` never made, under an order that says what it
 * counted for; answers its entry. All other tables are to be mended. */
uint64_t forge_erased_batch(struct audited *audited,
                            const struct tamper *tamper, size_t office);
/* The ledger's last report is frozen with figures that the entries do not
 * say; answers its entry. All other tables are to be mended. */
uint64_t forge_report(const struct audited *audited,
                      const struct tamper *tamper);

#endif
