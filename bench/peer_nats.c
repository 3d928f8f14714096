/* NATS JetStream, Debian's nats-server.
 *
 * A stream in a file store an office, no replica, Nats-Msg-Id on every event
 * (agent.seq) with the duplicate window of two minutes that is its default.
 * Publishes are asynchronous with many acknowledgements outstanding; there is
 * no transaction of many. Acknowledged is what the server has written to the
 * file, not what is on the disk: version 2.9 syncs every two minutes and has
 * no setting for it, so there is no run with fsync. It keeps no counters.
 */
#include "bench/peer.h"

#include "common/base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM     "/usr/sbin/nats-server"
#define READY       "Server is ready"
#define WINDOW      1024u
#define BLOB_WINDOW 16u
#define CONFIG      1024u
#define ASK_MAX     512u
#define ID_MAX      64u
#define HEADERS     "NATS/1.0\r\nNats-Msg-Id: "

static bool offers(struct peer_run *run)
{
    run->connections = 4;
    run->window = run->form == PEER_BLOBS ? BLOB_WINDOW : WINDOW;
    return !run->sync && run->form != PEER_GROUPS;
}

/* ---- the protocol ---- */

static void say_hello(struct peer_line *line, uint16_t port)
{
    char text[PEER_LINE_TEXT];

    peer_line_tcp(line, port);
    peer_line_text(line, "CONNECT {\"verbose\":false,\"pedantic\":false,"
                         "\"headers\":true}\r\nPING\r\n");
    peer_line_flush(line);
    do {
        (void)peer_line_read_text(line, text);
        check(strncmp(text, "-ERR", 4) != 0);
    } while (strcmp(text, "PONG") != 0);
}

/* The payload of the next message, closed by a zero and cut to the room. */
static void read_message(struct peer_line *line, char out[PEER_LINE_TEXT])
{
    static const char pong[] = "PONG\r\n";
    char text[PEER_LINE_TEXT];
    size_t size;

    for (;;) {
        (void)peer_line_read_text(line, text);
        if (strncmp(text, "MSG ", 4) == 0) {
            break;
        }
        check(strcmp(text, "PING") == 0);
        peer_line_text(line, pong);
        peer_line_flush(line);
    }
    size = strtoul(strrchr(text, ' '), NULL, 10);
    check(size < PEER_LINE_TEXT);
    peer_line_read(line, (uint8_t *)out, size);
    out[size] = '\0';
    peer_line_read(line, NULL, 2);
}

/* Asks the server something and gives its answer. */
static void ask(const struct peer_run *run, const char *subject,
                const char *body, char answer[PEER_LINE_TEXT])
{
    struct peer_line *line = calloc(1, sizeof *line);
    char text[ASK_MAX];
    int length =
        snprintf(text, sizeof text, "SUB a 1\r\nPUB %s a %zu\r\n%s\r\n",
                 subject, strlen(body), body);

    check(line != NULL && length > 0 && (size_t)length < sizeof text);
    say_hello(line, run->port);
    peer_line_text(line, text);
    peer_line_flush(line);
    read_message(line, answer);
    if (strstr(answer, "\"error\"") != NULL) {
        (void)fprintf(stderr, "nats-server: %s\n", answer);
        exit(EXIT_FAILURE);
    }
    peer_line_close(line);
    free(line);
}

/* ---- the run ---- */

static void start(struct peer_run *run)
{
    char config[CONFIG], path[TEMP_DIR_PATH_MAX], answer[PEER_LINE_TEXT];
    const char *const arguments[] = {PROGRAM, "--config", path, NULL};
    int length;

    run->port = peer_line_free_port();
    length = snprintf(config, sizeof config,
                      "listen: \"127.0.0.1:%u\"\n"
                      "jetstream { store_dir: \"%s/js\" }\n",
                      (unsigned)run->port, run->dir.path);
    check(length > 0 && (size_t)length < sizeof config);
    temp_dir_write(&run->dir, "config", config, (unsigned long)length);
    temp_dir_path(&run->dir, "config", path);
    peer_serve(run, arguments, NULL, READY);
    for (unsigned i = 0; i < PEER_STREAMS; i++) {
        char subject[ID_MAX], body[ASK_MAX];

        (void)snprintf(subject, sizeof subject, "$JS.API.STREAM.CREATE.E%u", i);
        (void)snprintf(body, sizeof body,
                       "{\"name\":\"E%u\",\"subjects\":[\"o.%u\"],"
                       "\"storage\":\"file\",\"num_replicas\":1,"
                       "\"duplicate_window\":120000000000}",
                       i, i);
        ask(run, subject, body, answer);
    }
}

static void open_line(struct peer_worker *worker)
{
    char text[ID_MAX];

    say_hello(&worker->line, worker->run->port);
    (void)snprintf(text, sizeof text, "SUB r.%u 1\r\n", worker->number);
    peer_line_text(&worker->line, text);
}

static void put(struct peer_worker *worker, const struct peer_request *request)
{
    char head[2 * ID_MAX], id[ID_MAX];
    struct bytes body =
        worker->run->form == PEER_BLOBS
            ? peer_batch(request->stream, request->first / BATCH_EVENTS_MAX)
            : peer_event(request->stream, request->first);
    size_t id_size = (size_t)snprintf(id, sizeof id, "%u.%u\r\n\r\n",
                                      request->number, request->first + 1);
    size_t headers = sizeof HEADERS - 1 + id_size;

    (void)snprintf(head, sizeof head, "HPUB o.%u r.%u %zu %zu\r\n" HEADERS,
                   request->number, worker->number, headers,
                   headers + body.size);
    peer_line_text(&worker->line, head);
    peer_line_bytes(&worker->line,
                    (struct bytes){(const uint8_t *)id, id_size});
    peer_line_bytes(&worker->line, body);
    peer_line_text(&worker->line, "\r\n");
}

static void take(struct peer_worker *worker)
{
    char answer[PEER_LINE_TEXT];

    read_message(&worker->line, answer);
    if (strstr(answer, "\"error\"") != NULL) {
        (void)fprintf(stderr, "nats-server: %s\n", answer);
        exit(EXIT_FAILURE);
    }
}

static uint64_t stored(struct peer_run *run)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < PEER_STREAMS; i++) {
        char subject[ID_MAX], answer[PEER_LINE_TEXT];
        const char *messages;

        (void)snprintf(subject, sizeof subject, "$JS.API.STREAM.INFO.E%u", i);
        ask(run, subject, "", answer);
        messages = strstr(answer, "\"messages\":");
        check(messages != NULL);
        sum += strtoull(messages + strlen("\"messages\":"), NULL, 10);
    }
    return sum;
}

static uint64_t counted(struct peer_run *run)
{
    (void)run;
    return PEER_NO_COUNTERS;
}

const struct peer peer_nats = {.name = "nats-jetstream",
                               .program = PROGRAM,
                               .package = "nats-server",
                               .offers = offers,
                               .start = start,
                               .connect = open_line,
                               .put = put,
                               .take = take,
                               .stored = stored,
                               .counted = counted};
