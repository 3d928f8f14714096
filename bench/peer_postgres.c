/* PostgreSQL, Debian's version 15.
 *
 * One table of events with (stream, seq) as its primary key and the event's
 * bytes, one of counters by (type, unit, day). One prepared statement a
 * request, parameters as binary arrays: INSERT ... ON CONFLICT DO NOTHING, and
 * what was new is counted and upserted in the same statement, so in the same
 * transaction. PostgreSQL cannot read protobuf: our side decodes each event
 * and passes type, unit and day beside its bytes. Several transactions are on
 * their way on each connection. With fsync: the defaults (synchronous_commit,
 * full_page_writes). Without: fsync, synchronous_commit and full_page_writes
 * off. 2 GiB of shared buffers, no checkpoint during the run, no replication.
 * A blob is a row, and a transaction.
 */
#include "bench/peer.h"

#include "common/base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BIN          "/usr/lib/postgresql/15/bin"
#define PROGRAM      BIN "/postgres"
#define READY        "ready to accept connections"
#define USER         "postgres"
#define PROTOCOL     196608u
#define GROUP_WINDOW 4u
#define EACH_WINDOW  256u
#define BLOB_WINDOW  32u
#define ANSWER_MAX   PEER_LINE_TEXT
#define CONFIG_MAX   1024u
#define OID_INT4     23u
#define OID_BYTEA    17u

static const char make_tables[] =
    "CREATE TABLE events (stream int4, seq int8, type int4, unit int4,"
    " day int4, body bytea, PRIMARY KEY (stream, seq));"
    "CREATE TABLE counters (type int4, unit int4, day int4, n int8,"
    " PRIMARY KEY (type, unit, day)) WITH (fillfactor = 50);"
    "CREATE TABLE blobs (stream int4, seq int8, body bytea,"
    " PRIMARY KEY (stream, seq));"
    "ALTER TABLE blobs ALTER COLUMN body SET STORAGE EXTERNAL";
static const char insert_events[] =
    "WITH fresh AS (INSERT INTO events SELECT $1::int4, $2::int8 + at - 1,"
    " type, unit, day, body FROM unnest($3::bytea[], $4::int4[], $5::int4[],"
    " $6::int4[]) WITH ORDINALITY AS rows (body, type, unit, day, at)"
    " ON CONFLICT DO NOTHING RETURNING type, unit, day)"
    " INSERT INTO counters AS c SELECT type, unit, day, count(*) FROM fresh"
    " GROUP BY type, unit, day ORDER BY type, unit, day"
    " ON CONFLICT (type, unit, day) DO UPDATE SET n = c.n + excluded.n";
static const char insert_blob[] =
    "INSERT INTO blobs SELECT $1::int4, $2::int8, $3::bytea"
    " ON CONFLICT DO NOTHING";

static bool offers(struct peer_run *run)
{
    static const uint32_t windows[PEER_FORM_END] = {EACH_WINDOW, GROUP_WINDOW,
                                                    BLOB_WINDOW};

    run->connections = run->form == PEER_EACH ? PEER_STREAMS : 3;
    run->window = windows[run->form];
    return true;
}

/* ---- the protocol ---- */

static void put_i32(uint8_t *out, size_t value)
{
    bytes_put_u32(out, (uint32_t)value);
}

/* Begins a message; its size is filled in by end_message(). */
static size_t begin_message(struct peer_line *line, char type)
{
    peer_line_bytes(line, (struct bytes){(const uint8_t *)&type, 1});
    peer_line_u32(line, 0);
    return line->out.size - 4;
}

static void end_message(struct peer_line *line, size_t start)
{
    put_i32(line->out.data + start, line->out.size - start);
}

static void put_text(struct peer_line *line, const char *text)
{
    peer_line_bytes(line,
                    (struct bytes){(const uint8_t *)text, strlen(text) + 1});
}

/* Reads messages until the server is ready again. `out` gets the first value
 * of the last row (NULL: none is wanted). */
static void read_until_ready(struct peer_line *line, char *out)
{
    uint8_t type = 0;

    while (type != 'Z') {
        uint8_t head[5], body[ANSWER_MAX] = {0};
        size_t size, kept;

        peer_line_read(line, head, sizeof head);
        type = head[0];
        size = bytes_get_u32(head + 1) - 4;
        kept = size < sizeof body - 1 ? size : sizeof body - 1;
        peer_line_read(line, body, kept);
        peer_line_read(line, NULL, size - kept);
        if (type == 'E') {
            for (size_t i = 0; i + 1 < kept; i++) {
                body[i] = body[i] == 0 ? ' ' : body[i];
            }
            (void)fprintf(stderr, "postgresql: %s\n", (const char *)body);
            exit(EXIT_FAILURE);
        }
        if (type == 'D' && out != NULL) {
            memcpy(out, body + 6, kept - 6);
            out[kept - 6] = '\0';
        }
    }
}

static void say_hello(struct peer_line *line, const struct peer_run *run)
{
    static const char startup[] = "user\0" USER "\0database\0" USER "\0";

    peer_line_unix(line, run->address);
    peer_line_u32(line, (uint32_t)(8 + sizeof startup));
    peer_line_u32(line, PROTOCOL);
    peer_line_bytes(line,
                    (struct bytes){(const uint8_t *)startup, sizeof startup});
    peer_line_flush(line);
    read_until_ready(line, NULL);
}

static void ask(const struct peer_run *run, const char *sql,
                char answer[ANSWER_MAX])
{
    struct peer_line *line = calloc(1, sizeof *line);
    size_t message;

    check(line != NULL);
    say_hello(line, run);
    message = begin_message(line, 'Q');
    put_text(line, sql);
    end_message(line, message);
    peer_line_flush(line);
    read_until_ready(line, answer);
    peer_line_close(line);
    free(line);
}

/* ---- the run ---- */

static void write_config(const struct peer_run *run)
{
    static const char common[] = "listen_addresses = ''\n"
                                 "shared_buffers = 2GB\n"
                                 "wal_level = minimal\n"
                                 "max_wal_senders = 0\n"
                                 "max_wal_size = 16GB\n"
                                 "checkpoint_timeout = 1h\n"
                                 "wal_buffers = 64MB\n";
    static const char without[] = "fsync = off\n"
                                  "full_page_writes = off\n"
                                  "synchronous_commit = off\n";
    char config[CONFIG_MAX];
    int length = snprintf(config, sizeof config, "%s%s", common,
                          run->sync ? "" : without);

    check(length > 0 && (size_t)length < sizeof config);
    temp_dir_write(&run->dir, "config", config, (unsigned long)length);
}

static void start(struct peer_run *run)
{
    char data[TEMP_DIR_PATH_MAX], path[TEMP_DIR_PATH_MAX];
    char option[TEMP_DIR_PATH_MAX + 16], answer[ANSWER_MAX];
    const char *const make[] = {
        BIN "/initdb",     "--no-sync",   "--auth=trust",
        "--encoding=UTF8", "--no-locale", "--username=" USER,
        "--pgdata",        data,          NULL};
    const char *const arguments[] = {PROGRAM, "-D", data,          "-c",
                                     option,  "-k", run->dir.path, NULL};

    temp_dir_path(&run->dir, "data", data);
    temp_dir_path(&run->dir, ".s.PGSQL.5432", run->address);
    temp_dir_path(&run->dir, "config", path);
    (void)snprintf(option, sizeof option, "config_file=%s", path);
    write_config(run);
    peer_prepare(run, make, USER);
    peer_serve(run, arguments, USER, READY);
    ask(run, make_tables, answer);
}

static void open_line(struct peer_worker *worker)
{
    struct peer_line *line = &worker->line;
    bool blobs = worker->run->form == PEER_BLOBS;
    size_t message;

    say_hello(line, worker->run);
    message = begin_message(line, 'P');
    put_text(line, "take");
    put_text(line, blobs ? insert_blob : insert_events);
    peer_line_u16(line, 0);
    end_message(line, message);
    end_message(line, begin_message(line, 'S'));
    peer_line_flush(line);
    read_until_ready(line, NULL);
}

static void put_int_array(struct peer_line *line, const uint32_t values[],
                          uint32_t count)
{
    peer_line_u32(line, 20 + 8 * count);
    peer_line_u32(line, 1);
    peer_line_u32(line, 0);
    peer_line_u32(line, OID_INT4);
    peer_line_u32(line, count);
    peer_line_u32(line, 1);
    for (uint32_t i = 0; i < count; i++) {
        peer_line_u32(line, 4);
        peer_line_u32(line, values[i]);
    }
}

static void put_events(struct peer_line *line, const struct peer_events *events,
                       const struct peer_request *request)
{
    uint32_t values[3][BATCH_EVENTS_MAX];
    size_t size_at = line->out.size;

    peer_line_u32(line, 0);
    peer_line_u32(line, 1);
    peer_line_u32(line, 0);
    peer_line_u32(line, OID_BYTEA);
    peer_line_u32(line, request->count);
    peer_line_u32(line, 1);
    for (uint32_t i = 0; i < request->count; i++) {
        struct bytes event = peer_event(request->stream, request->first + i);
        struct peer_counter counter = peer_counter_of(events, event);

        peer_line_u32(line, (uint32_t)event.size);
        peer_line_bytes(line, event);
        values[0][i] = counter.type;
        values[1][i] = counter.unit;
        values[2][i] = (uint32_t)counter.day;
    }
    put_i32(line->out.data + size_at, line->out.size - size_at - 4);
    for (size_t i = 0; i < 3; i++) {
        put_int_array(line, values[i], request->count);
    }
}

static void put(struct peer_worker *worker, const struct peer_request *request)
{
    struct peer_line *line = &worker->line;
    bool blob = worker->run->form == PEER_BLOBS;
    size_t message = begin_message(line, 'B');

    put_text(line, "");
    put_text(line, "take");
    peer_line_u16(line, 1);
    peer_line_u16(line, 1); /* all parameters are binary */
    peer_line_u16(line, blob ? 3 : 6);
    peer_line_u32(line, 4);
    peer_line_u32(line, request->number);
    peer_line_u32(line, 8);
    peer_line_u64(line, request->first + 1);
    if (blob) {
        struct bytes batch =
            peer_batch(request->stream, request->first / BATCH_EVENTS_MAX);

        peer_line_u32(line, (uint32_t)batch.size);
        peer_line_bytes(line, batch);
    } else {
        put_events(line, worker->run->events, request);
    }
    peer_line_u16(line, 0);
    end_message(line, message);
    message = begin_message(line, 'E');
    put_text(line, "");
    peer_line_u32(line, 0);
    end_message(line, message);
    end_message(line, begin_message(line, 'S'));
}

static void take(struct peer_worker *worker)
{
    read_until_ready(&worker->line, NULL);
}

static uint64_t stored(struct peer_run *run)
{
    char answer[ANSWER_MAX] = "";

    ask(run,
        run->form == PEER_BLOBS ? "SELECT count(*) FROM blobs"
                                : "SELECT count(*) FROM events",
        answer);
    return strtoull(answer, NULL, 10);
}

static uint64_t counted(struct peer_run *run)
{
    char answer[ANSWER_MAX] = "";

    if (run->form == PEER_BLOBS) {
        return PEER_NO_COUNTERS;
    }
    ask(run, "SELECT coalesce(sum(n), 0) FROM counters", answer);
    return strtoull(answer, NULL, 10);
}

const struct peer peer_postgres = {.name = "postgresql",
                                   .program = PROGRAM,
                                   .package = "postgresql",
                                   .offers = offers,
                                   .start = start,
                                   .connect = open_line,
                                   .put = put,
                                   .take = take,
                                   .stored = stored,
                                   .counted = counted};
