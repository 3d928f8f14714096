/* The daemon: one loop around the line. Failure modes: another daemon or an
 * office that has not joined, a rotation half done: a sentence and an exit
 * code at once. A disk that fails later: code 74, nothing more is said to be
 * received. SIGTERM and SIGINT end the turn and then the process; SIGHUP reads
 * configuration and keys again and keeps the old ones when there is a mistake;
 * so does a knock by a command that has replaced the configuration. */
#include "agent/commands/commands.h"

#include "agent/api/site.h"
#include "agent/commands/ear.h"
#include "agent/commands/handover.h"
#include "agent/commands/lines.h"
#include "agent/commands/room.h"
#include "agent/commands/settings.h"
#include "agent/office/alone.h"
#include "agent/office/keyring.h"
#include "agent/office/lock.h"
#include "agent/office/office.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/notify.h"

#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

/* From this size on memory is the kernel's own again when it is freed. */
#define LARGE_BYTES (64 * 1024)

struct run {
    const struct args *args;
    struct office *office;
    struct clock clock;
    struct keyring keyring;
    void *context; /* ZeroMQ's */
    struct lines lines;
    struct settings settings; /* in force */
    struct site site;
    struct notify notify;
    size_t worker;
    int lock, ear, signals;
    struct room room;
    bool stop;
};

/* ---- start and end ---- */

/* An office's computer has little memory and the service runs for years: one
 * heap for all threads, and what a large document took is given back. */
static void be_sparing(void)
{
    (void)mallopt(M_ARENA_MAX, 1);
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, LARGE_BYTES);
}

static enum status open_signals(struct run *run)
{
    sigset_t set;

    check(sigemptyset(&set) == 0 && sigaddset(&set, SIGTERM) == 0 &&
          sigaddset(&set, SIGINT) == 0 && sigaddset(&set, SIGHUP) == 0);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
        return STATUS_IO;
    }
    run->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return run->signals < 0 ? STATUS_IO : STATUS_OK;
}

static enum status fail(const struct run *run, const char *what,
                        enum status status)
{
    static const struct language_text busy = {
        "dịch vụ của văn phòng này đang chạy rồi",
        "the service of this office runs already"};

    if (status == STATUS_BUSY) {
        args_error(run->args, "%s", args_text(run->args, busy));
        return status;
    }
    return args_fail(run->args, what, status);
}

static enum status load_keys(struct run *run)
{
    static const struct language_text rotating = {
        "đang đổi khóa dở dang: chạy lại tallyline-agent rotate TỆP",
        "a change of keys is under way: run tallyline-agent rotate FILE again"};
    enum status status;

    status = keyring_load(run->office->dir, &run->keyring);
    if (status == STATUS_OK && keyring_rotating(run->office->dir)) {
        args_error(run->args, "%s", args_text(run->args, rotating));
        return STATUS_CONFIG;
    }
    return status == STATUS_OK ? STATUS_OK
                               : fail(run, OFFICE_KEYS_FOLDER, status);
}

static enum status open_lines(struct run *run)
{
    struct uplink_options options = {
        .threads = OTHERS_PRIMARY_THREADS,
        .spool = run->office->spool,
        .config = &run->office->config,
        .curve_keys = &run->keyring.curve,
        .sign_keys = &run->keyring.sign,
        .clock = &run->clock,
    };
    enum status status;

    uplink_random_real(&options.random);
    run->context = zmq_ctx_new();
    if (run->context == NULL ||
        zmq_ctx_set(run->context, ZMQ_IO_THREADS, OTHERS_IO_THREADS) != 0) {
        return fail(run, "ZeroMQ", STATUS_MEMORY);
    }
    options.context = run->context;
    status = lines_open(&run->lines, &options);
    return status == STATUS_OK ? STATUS_OK
                               : fail(run, OFFICE_SPOOL_FILE, status);
}

/* The line comes first: without its page the daemon goes on. */
static void open_site(struct run *run)
{
    const struct site_options options = {.dir = run->office->dir,
                                         .settings = &run->office->config.web,
                                         .clock = &run->clock,
                                         .agent =
                                             run->office->identity.agent_number,
                                         .language = run->args->language};
    char why[SITE_WHY_SIZE];
    enum status status = site_open(&run->site, &options, why);

    if (status != STATUS_OK) {
        log_error("no page", log_text("why", why));
    } else if (site_address(&run->site) != NULL) {
        log_info("page", log_text("address", site_address(&run->site)));
    }
}

static enum status start(struct run *run)
{
    enum status status = open_signals(run);

    if (status != STATUS_OK) {
        return fail(run, "signalfd", status);
    }
    settings_note(office_dir(run->args), &run->settings);
    status = office_open(run->args, &run->office);
    if (status != STATUS_OK) {
        return status; /* explained there */
    }
    if (alone_explain(run->args, &run->office->config)) {
        return STATUS_CONFIG;
    }
    status = lock_take(run->office->dir, OFFICE_LOCK_FILE, &run->lock);
    if (status == STATUS_OK) {
        status = lines_lock(&run->lines, run->office->dir);
    }
    if (status != STATUS_OK) {
        return fail(run, run->office->dir, status);
    }
    status = load_keys(run);
    /* Who reads just now may do so; the next start tries again. */
    if (status == STATUS_OK &&
        spool_overwrite(run->office->spool, true) == STATUS_IO) {
        return fail(run, OFFICE_SPOOL_FILE, STATUS_IO);
    }
    if (status == STATUS_OK) {
        status = open_lines(run);
    }
    if (status == STATUS_OK) {
        run->ear = ear_open(run->office->dir);
        open_site(run);
    }
    return status;
}

static void stop(struct run *run)
{
    notify_stopping(&run->notify);
    site_close(&run->site);
    if (run->office != NULL) {
        ear_close(run->office->dir, &run->ear);
    }
    lines_close(&run->lines);
    if (run->context != NULL) {
        (void)zmq_ctx_term(run->context);
    }
    keyring_wipe(&run->keyring);
    office_close(&run->office);
    lines_unlock(&run->lines);
    lock_release(&run->lock);
    if (run->signals >= 0) {
        (void)close(run->signals);
    }
    notify_close(&run->notify);
}

/* ---- signals ---- */

static void take_config(struct run *run, const struct config *config)
{
    const struct http_settings *old = &run->office->config.web;
    bool moves = memcmp(old, &config->web, sizeof *old) != 0;

    if (moves) {
        site_close(&run->site);
    }
    run->office->config = *config;
    if (moves) {
        open_site(run);
    }
}

/* Checks what is new before it takes the old one's place. */
static enum status reload(struct run *run)
{
    unsigned slot = run->office->config.slot;
    struct config config;
    struct keyring keyring;
    enum status status = STATUS_OK;

    notify_reloading(&run->notify);
    settings_note(run->office->dir, &run->settings);
    if (keyring_load(run->office->dir, &keyring) != STATUS_OK ||
        !settings_read(run->office, &config)) {
        log_error("configuration or keys cannot be read, the old ones stay");
    } else {
        run->keyring = keyring;
        keyring_wipe(&keyring);
        take_config(run, &config);
        log_info("configuration read again");
        status = lines_renew(&run->lines, config.slot != slot);
    }
    notify_ready(&run->notify);
    return status;
}

static enum status take_signals(struct run *run)
{
    struct signalfd_siginfo info;
    enum status status = STATUS_OK;

    while (status == STATUS_OK &&
           read(run->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP) {
            status = reload(run);
        } else {
            log_info("told to stop");
            run->stop = true;
        }
    }
    return status;
}

/* ---- the loop ---- */

static int wait_ms(const struct run *run)
{
    int64_t due = lines_due_us(&run->lines);
    int64_t ms = -1;

    if (due != INT64_MAX) {
        ms = (due - clock_monotonic_us(&run->clock)) / CLOCK_US_PER_MS + 1;
        ms = ms < 0 ? 0 : ms;
    }
    if (run->notify.watchdog_us > 0 &&
        (ms < 0 || ms > notify_wait_ms(&run->notify))) {
        ms = notify_wait_ms(&run->notify);
    }
    return (int)ms;
}

/* Waits for the line, a knock, a call, a signal or a moment. */
static void wait_for_something(const struct run *run)
{
    zmq_pollitem_t items[LINES_POLL_ITEMS + 3];
    int site = site_event_fd(&run->site);
    size_t count = lines_poll_items(&run->lines, items);

    items[count++] = (zmq_pollitem_t){.fd = run->signals, .events = ZMQ_POLLIN};
    if (run->ear >= 0) {
        items[count++] = (zmq_pollitem_t){.fd = run->ear, .events = ZMQ_POLLIN};
    }
    if (site >= 0) {
        items[count++] = (zmq_pollitem_t){.fd = site, .events = ZMQ_POLLIN};
    }
    (void)zmq_poll(items, (int)count, wait_ms(run));
}

/* One call at a time, so that the line goes on between them. What it saves is
 * sealed in the same transaction when it can leave at once: one sync less. */
static bool hear(struct run *run)
{
    struct ear_call call = {.answer = -1};
    enum ear_heard heard = ear_listen(run->ear, &call);

    if (heard == EAR_CALL) {
        if (uplink_is_free(run->lines.uplink)) {
            spool_seal_along(run->office->spool, &run->keyring.sign,
                             &run->clock);
        }
        handover_take(run->office, &call);
        spool_seal_along(run->office->spool, NULL, NULL);
    }
    return heard != EAR_NOTHING;
}

/* What the page asks for, between two steps of the line. */
static void serve_site(struct run *run)
{
    const struct desk_means means = {.office = run->office,
                                     .uplink = run->lines.uplink,
                                     .sign_keys = &run->keyring.sign,
                                     .clock = &run->clock};

    site_serve(&run->site, &means);
}

static void tell_service_manager(struct run *run)
{
    char text[NOTIFY_STATUS_MAX];
    struct uplink_standing standing;

    uplink_standing(run->lines.uplink, &standing);
    (void)snprintf(text, sizeof text,
                   "%s; %" PRIu64 " batches sent, %" PRIu64
                   " received, %" PRIu64 " on their way%s%s",
                   uplink_state_name(standing.state), standing.sent,
                   standing.receipts, standing.flight,
                   standing.refusal != WIRE_REFUSAL_NONE ? "; refused: " : "",
                   standing.refusal != WIRE_REFUSAL_NONE
                       ? wire_refusal_token(standing.refusal)
                       : "");
    notify_status(&run->notify, text);
    notify_beat(&run->notify, run->worker);
    notify_feed(&run->notify);
}

/* A command may have left a question, or another configuration. */
static enum status answer_knock(struct run *run)
{
    enum status status = STATUS_OK;

    if (settings_differ(run->office->dir, &run->settings)) {
        status = reload(run);
    }
    return status == STATUS_OK ? uplink_ask_proof(run->lines.uplink) : status;
}

static enum status loop(struct run *run)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !run->stop) {
        bool knocked;

        wait_for_something(run);
        knocked = hear(run);
        serve_site(run);
        status = take_signals(run);
        if (status == STATUS_OK && knocked) {
            status = answer_knock(run);
        }
        if (status == STATUS_OK && !run->stop) {
            status = lines_step(&run->lines);
        }
        if (status == STATUS_OK) {
            status = lines_mind(&run->lines, knocked);
        }
        if (status == STATUS_OK) {
            status = room_make(&run->room, run->office, &run->clock);
        }
        tell_service_manager(run);
    }
    return status;
}

enum status cmd_run(const struct args *args, void *context)
{
    struct run run = {.args = args,
                      .lock = -1,
                      .lines = {.lock = -1},
                      .ear = -1,
                      .signals = -1};
    enum status status;

    (void)context;
    be_sparing();
    (void)umask(S_IRWXG | S_IRWXO);
    clock_init_real(&run.clock);
    notify_open(&run.notify, &run.clock);
    run.worker = notify_worker(&run.notify);
    status = start(&run);
    if (status == STATUS_OK) {
        log_info("agent runs", log_text("dir", run.office->dir),
                 log_number("agent", run.office->identity.agent_number));
        notify_ready(&run.notify);
        status = loop(&run);
        if (status != STATUS_OK) {
            log_error("stopped", log_status("status", status));
        }
    }
    stop(&run);
    return status;
}
