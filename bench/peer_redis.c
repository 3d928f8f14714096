/* Redis Streams, Debian's redis-server.
 *
 * A stream an office, an entry an event, its bytes as they are. One Lua script
 * a request passes over events that are below the office's position (no
 * duplicates, without a time window), adds the others, counts them by (type,
 * unit, day) and moves the position. Redis cannot read protobuf: our side
 * decodes each event and passes its counter's name beside it. With fsync:
 * appendfsync always; Redis answers after it. Without: appendfsync no. No
 * snapshots, no rewriting of the log during the run, larger nodes in streams.
 * Blobs are added without a script; the entry's id refuses doubles.
 */
#include "bench/peer.h"

#include "common/base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM       "/usr/bin/redis-server"
#define READY         "ready to accept connections"
#define GROUP_WINDOW  8u
#define EACH_WINDOW   512u
#define BLOB_WINDOW   16u
#define NAME_MAX_SIZE 64u
#define SHA_TEXT      40u

static const char script[] =
    "local call = redis.call\n"
    "local at = tonumber(call('GET', KEYS[2]) or '0')\n"
    "local seq, last = tonumber(ARGV[1]), at\n"
    "local counts = {}\n"
    "for i = 2, #ARGV, 2 do\n"
    "  if seq > at then\n"
    "    call('XADD', KEYS[1], seq .. '-1', 'e', ARGV[i])\n"
    "    local name = ARGV[i + 1]\n"
    "    counts[name] = (counts[name] or 0) + 1\n"
    "    last = seq\n"
    "  end\n"
    "  seq = seq + 1\n"
    "end\n"
    "for name, count in pairs(counts) do\n"
    "  call('HINCRBY', KEYS[3], name, count)\n"
    "end\n"
    "if last > at then call('SET', KEYS[2], last) end\n"
    "return last - at\n";
static char sha[SHA_TEXT + 1];

static bool offers(struct peer_run *run)
{
    static const uint32_t windows[PEER_FORM_END] = {EACH_WINDOW, GROUP_WINDOW,
                                                    BLOB_WINDOW};

    run->connections = run->form == PEER_GROUPS ? 2 : 4;
    run->window = windows[run->form];
    return true;
}

/* ---- the protocol ---- */

static void put_part(struct peer_line *line, struct bytes part)
{
    peer_line_text(line, "$");
    peer_line_number(line, part.size);
    peer_line_text(line, "\r\n");
    peer_line_bytes(line, part);
    peer_line_text(line, "\r\n");
}

static void put_text(struct peer_line *line, const char *text)
{
    put_part(line, bytes_of_text(text));
}

static void put_count(struct peer_line *line, size_t parts)
{
    peer_line_text(line, "*");
    peer_line_number(line, parts);
    peer_line_text(line, "\r\n");
}

/* The next answer as text: a number, or what a string holds. */
static void read_answer(struct peer_line *line, char out[PEER_LINE_TEXT])
{
    char text[PEER_LINE_TEXT];
    size_t size;

    (void)peer_line_read_text(line, text);
    /* A blob that is there already is refused by its id. */
    if (text[0] == '-' && strstr(text, "The ID specified") == NULL) {
        (void)fprintf(stderr, "redis-server: %s\n", text);
        exit(EXIT_FAILURE);
    }
    if (text[0] != '$') {
        memcpy(out, text + 1, strlen(text));
        return;
    }
    size = strtoul(text + 1, NULL, 10);
    check(size < PEER_LINE_TEXT);
    peer_line_read(line, (uint8_t *)out, size);
    out[size] = '\0';
    peer_line_read(line, NULL, 2);
}

static void ask(const struct peer_run *run, const char *const parts[],
                size_t count, char answer[PEER_LINE_TEXT])
{
    struct peer_line *line = calloc(1, sizeof *line);

    check(line != NULL);
    peer_line_unix(line, run->address);
    put_count(line, count);
    for (size_t i = 0; i < count; i++) {
        put_text(line, parts[i]);
    }
    peer_line_flush(line);
    read_answer(line, answer);
    peer_line_close(line);
    free(line);
}

/* ---- the run ---- */

static void start(struct peer_run *run)
{
    const char *const load[] = {"SCRIPT", "LOAD", script};
    char answer[PEER_LINE_TEXT];
    const char *const arguments[] = {PROGRAM,
                                     "--port",
                                     "0",
                                     "--unixsocket",
                                     run->address,
                                     "--dir",
                                     run->dir.path,
                                     "--appendonly",
                                     "yes",
                                     "--appendfsync",
                                     run->sync ? "always" : "no",
                                     "--save",
                                     "",
                                     "--auto-aof-rewrite-percentage",
                                     "0",
                                     "--stream-node-max-bytes",
                                     "16384",
                                     "--stream-node-max-entries",
                                     "1000",
                                     NULL};

    temp_dir_path(&run->dir, "socket", run->address);
    peer_serve(run, arguments, NULL, READY);
    ask(run, load, 3, answer);
    check(strlen(answer) == SHA_TEXT);
    memcpy(sha, answer, sizeof sha);
}

static void open_line(struct peer_worker *worker)
{
    peer_line_unix(&worker->line, worker->run->address);
}

static void put_blob(struct peer_line *line, const struct peer_request *request)
{
    char key[NAME_MAX_SIZE], id[NAME_MAX_SIZE];

    (void)snprintf(key, sizeof key, "s:%u", request->number);
    (void)snprintf(id, sizeof id, "%u-1", request->first + 1);
    put_count(line, 5);
    put_text(line, "XADD");
    put_text(line, key);
    put_text(line, id);
    put_text(line, "b");
    put_part(line,
             peer_batch(request->stream, request->first / BATCH_EVENTS_MAX));
}

static void put(struct peer_worker *worker, const struct peer_request *request)
{
    struct peer_line *line = &worker->line;
    char text[NAME_MAX_SIZE];

    if (worker->run->form == PEER_BLOBS) {
        put_blob(line, request);
        return;
    }
    put_count(line, 7 + 2 * (size_t)request->count);
    put_text(line, "EVALSHA");
    put_text(line, sha);
    put_text(line, "3");
    (void)snprintf(text, sizeof text, "s:%u", request->number);
    put_text(line, text);
    (void)snprintf(text, sizeof text, "p:%u", request->number);
    put_text(line, text);
    put_text(line, "counters");
    (void)snprintf(text, sizeof text, "%u", request->first + 1);
    put_text(line, text);
    for (uint32_t i = 0; i < request->count; i++) {
        struct bytes event = peer_event(request->stream, request->first + i);
        struct peer_counter counter =
            peer_counter_of(worker->run->events, event);

        put_part(line, event);
        (void)snprintf(text, sizeof text, "%u:%u:%d", counter.type,
                       counter.unit, counter.day);
        put_text(line, text);
    }
}

static void take(struct peer_worker *worker)
{
    char answer[PEER_LINE_TEXT];

    read_answer(&worker->line, answer);
}

static uint64_t ask_number(const struct peer_run *run, const char *code)
{
    const char *const parts[] = {"EVAL", code, "0"};
    char answer[PEER_LINE_TEXT];

    ask(run, parts, 3, answer);
    return strtoull(answer, NULL, 10);
}

static uint64_t stored(struct peer_run *run)
{
    return ask_number(run, "local n = 0 "
                           "for _, key in ipairs(redis.call('KEYS', 's:*')) do "
                           "n = n + redis.call('XLEN', key) end return n");
}

static uint64_t counted(struct peer_run *run)
{
    if (run->form == PEER_BLOBS) {
        return PEER_NO_COUNTERS;
    }
    return ask_number(run, "local n = 0 for _, v in "
                           "ipairs(redis.call('HVALS', 'counters')) do "
                           "n = n + tonumber(v) end return n");
}

const struct peer peer_redis = {.name = "redis-streams",
                                .program = PROGRAM,
                                .package = "redis-server",
                                .offers = offers,
                                .start = start,
                                .connect = open_line,
                                .put = put,
                                .take = take,
                                .stored = stored,
                                .counted = counted};
