/* store_fixture - a store of two tables in a directory of its own.
 *
 * Flow     test -> [store_fixture] -> store
 * Owns     `store`, `txn` (the transaction that the calls below use) and the
 *          directory; one of each in a test program.
 * Threads  one.
 *
 * Every call aborts when the store does not do what is asked.
 */
#ifndef TALLYLINE_TESTS_STORE_FIXTURE_H
#define TALLYLINE_TESTS_STORE_FIXTURE_H

#include "common/store/store.h"
#include "tests/support/temp_dir.h"

#define MAP_BYTES (UINT64_C(64) << 20)

extern struct temp_dir dir;
extern char path[TEMP_DIR_PATH_MAX];
extern struct store *store;
extern struct store_txn *txn;

void store_fixture_open(void);
void store_fixture_close(void);

struct bytes text(const char *value);
struct store_options options_of(uint64_t map_bytes);
void open_with(uint64_t map_bytes);
void reopen(uint64_t map_bytes);
void begin(bool write);
void put(unsigned table, const char *key, const char *value);
void commit(void);
void expect(unsigned table, const char *key, const char *value);
void expect_missing(unsigned table, const char *key);

#endif
