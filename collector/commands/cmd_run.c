/* The daemon. Failure modes: a directory that another collector holds, a bad
 * configuration or address, a store that is damaged or newer: a sentence and
 * an exit code before the first office is let in. A disk that fails later: no
 * receipt, code 74. A port of the pages or of the feed that another program
 * has: a word in the log, and it is tried again; offices are let in all the
 * same. SIGTERM and SIGINT end the turn and then the process; SIGHUP reads the
 * configuration again, and keeps the old one when the new one has a mistake. */
#include "collector/commands/commands.h"

#include "collector/api/web.h"
#include "collector/feed/feed.h"
#include "collector/ledger/ledger_move.h"
#include "collector/line/serve.h"
#include "collector/line/serve_heal.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/notify.h"
#include "common/format/sign.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define WEB_AGAIN_S 5

struct run {
    const struct args *args;
    struct clock clock;
    struct directory directory;
    struct settings settings;
    struct keys keys;
    int lock;
    int signals;
    bool stop;
    struct ledger *ledger;
    struct listen_socket listen;
    struct serve serve;
    struct web web;
    struct feed *feed;
    struct standings *standings;
    char why[WEB_WHY_SIZE]; /* the web does not open */
    int64_t web_at;         /* try its port again; 0: not needed */
    struct notify notify;
    size_t line, figures; /* workers */
};

/* ---- signals ---- */

static void set_log(const struct run *run)
{
    struct log_settings settings = {
        .fd = STDERR_FILENO, .level = run->settings.log, .form = LOG_FORM_AUTO};

    log_init(&settings);
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

static void log_report(const struct report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct report_line *line = &report->lines[i];

        log_error("configuration", log_text("file", line->file),
                  log_number("line", (int64_t)line->line),
                  log_number("column", (int64_t)line->column),
                  log_text("why", line->text));
    }
}

/* Checks the new configuration before it takes the old one's place. */
static void reload(struct run *run)
{
    struct settings read;
    struct report report;

    notify_reloading(&run->notify);
    report_init(&report, LANGUAGE_EN);
    if (settings_load(run->directory.config, &report, &read) != STATUS_OK) {
        log_report(&report);
        log_error("the configuration has mistakes, the old one stays");
    } else {
        if (strcmp(read.listen, run->settings.listen) != 0 ||
            read.map_bytes != run->settings.map_bytes ||
            memcmp(&read.web, &run->settings.web, sizeof read.web) != 0 ||
            memcmp(&read.feed, &run->settings.feed, sizeof read.feed) != 0) {
            log_warning("listen, map_mib, web and feed take effect with the "
                        "next start");
        }
        run->settings = read;
        run->serve.cold_after_days = read.cold_after_days;
        serve_cold_again(&run->serve);
        log_set_level(run->settings.log);
        run->serve.scrub_hour = run->settings.scrub_hour;
        run->serve.scrub_bytes_per_s = run->settings.scrub_bytes_per_s;
        serve_heal_set(&run->serve);
        log_info("configuration read again");
    }
    report_fini(&report);
    notify_ready(&run->notify);
}

static void take_signals(struct run *run)
{
    struct signalfd_siginfo info;

    while (read(run->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP) {
            reload(run);
        } else {
            log_info("told to stop");
            run->stop = true;
        }
    }
}

/* ---- start ---- */

static enum status read_settings(struct run *run)
{
    struct report report;
    enum status status;

    report_init(&report, run->args->language);
    status = settings_load(run->directory.config, &report, &run->settings);
    command_report(&report);
    report_fini(&report);
    return status;
}

/* What a collector that ran before may have left of erased bytes. Nothing ends
 * because of it: the next start tries again. */
static void overwrite_erased(struct run *run)
{
    bool wanted = false;
    enum status status = ledger_to_overwrite(run->ledger, &wanted);

    if (status == STATUS_OK && wanted) {
        status = ledger_overwrite(run->ledger, true);
        log_info("what was erased is overwritten in the files",
                 log_status("status", status));
    }
    if (status != STATUS_OK) {
        log_warning("what was erased could not be overwritten in all files",
                    log_status("status", status));
    }
}

/* What needs the directory alone. */
static enum status open_store(struct run *run, const char **what)
{
    struct ledger_options options = {.path = run->directory.ledger,
                                     .clock = &run->clock};
    enum status status;

    *what = run->directory.path;
    status = directory_check(&run->directory);
    if (status == STATUS_OK) {
        *what = run->directory.config;
        status = read_settings(run);
    }
    if (status == STATUS_OK) {
        set_log(run);
        *what = run->directory.lock;
        status = directory_lock_to_stay(&run->directory, &run->lock);
    }
    if (status == STATUS_OK) {
        status = keys_load(&run->directory, &run->keys, what);
    }
    if (status == STATUS_OK) {
        *what = run->directory.ledger;
        options.map_bytes = run->settings.map_bytes;
        status = ledger_open(&options, &run->ledger);
    }
    if (status == STATUS_OK) {
        overwrite_erased(run);
    }
    return status;
}

/* A taken port keeps pages from those who look, and nothing from offices. */
static enum status wait_for_port(struct run *run, enum status status)
{
    run->web_at = 0;
    if (status != STATUS_BUSY) {
        return status;
    }
    log_error("no pages: another program listens at their address; it is tried "
              "again",
              log_text("address", run->settings.web.listen),
              log_number("seconds", WEB_AGAIN_S));
    run->web_at =
        clock_monotonic_us(&run->clock) + WEB_AGAIN_S * CLOCK_US_PER_S;
    run->why[0] = '\0';
    return STATUS_OK;
}

static void open_web_again(struct run *run)
{
    if (run->web_at == 0 || clock_monotonic_us(&run->clock) < run->web_at) {
        return;
    }
    if (wait_for_port(run, web_open_again(&run->web, run->why)) != STATUS_OK) {
        log_error("no pages until the next start", log_text("why", run->why));
    } else if (run->web_at == 0) {
        log_info("pages are served", log_text("web", web_address(&run->web)));
    }
}

/* Pages and interface, before the doors for offices open: what is wrong with
 * them is said before anything is taken in. */
static enum status open_web(struct run *run, const char **what)
{
    struct web_options options = {.directory = run->directory.path,
                                  .settings = &run->settings.web,
                                  .files = args_value(run->args, "web-dir"),
                                  .clock = &run->clock,
                                  .language = run->args->language,
                                  .figures = run->serve.figures,
                                  .standings = run->standings};
    enum status status = web_open(&run->web, &options, run->why);

    *what = "web";
    return wait_for_port(run, status);
}

/* What programs subscribe to; as the pages, before the offices' door. */
static enum status open_feed(struct run *run, const char **what)
{
    struct feed_options options = {.directory = run->directory.path,
                                   .settings = &run->settings.feed,
                                   .context = run->listen.context,
                                   .zap = run->listen.zap,
                                   .guard = run->listen.guard,
                                   .keys = &run->keys.server,
                                   .clock = &run->clock,
                                   .ledger = run->ledger,
                                   .figures = run->serve.figures,
                                   .standings = run->standings};

    return feed_open(&options, &run->feed, what);
}

/* The keys are known before the doors open: an office that came too early would
 * be told that its key is unknown. The figures come when they are folded. */
static enum status start(struct run *run, const char **what)
{
    enum status status = open_signals(run);

    *what = "signals";
    if (status == STATUS_OK) {
        status = open_store(run, what);
    }
    if (status == STATUS_OK) {
        status = listen_socket_start(&run->listen, what);
    }
    if (status == STATUS_OK) {
        run->standings = standings_new(&run->clock);
        status = run->standings == NULL ? STATUS_MEMORY : STATUS_OK;
    }
    if (status == STATUS_OK) {
        *what = run->directory.ledger;
        run->serve.standings = run->standings;
        run->serve.ledger = run->ledger;
        run->serve.listen = &run->listen;
        run->serve.keys = &run->keys;
        run->serve.clock = &run->clock;
        run->serve.state = run->directory.state;
        run->serve.cold_dir = run->settings.cold_dir;
        run->serve.cold_after_days = run->settings.cold_after_days;
        run->serve.scrub_hour = run->settings.scrub_hour;
        run->serve.scrub_bytes_per_s = run->settings.scrub_bytes_per_s;
        status = serve_open(&run->serve);
    }
    if (status == STATUS_OK) {
        status = open_web(run, what);
    }
    if (status == STATUS_OK) {
        status = open_feed(run, what);
    }
    if (status == STATUS_OK) {
        status =
            listen_socket_bind(&run->listen, run->settings.listen,
                               &run->keys.server, run->directory.socket, what);
    }
    return status;
}

static void stop(struct run *run)
{
    notify_stopping(&run->notify);
    web_close(&run->web);
    feed_close(run->feed);
    serve_close(&run->serve);
    web_fini(&run->web);
    feed_free(&run->feed);
    standings_free(&run->standings);
    listen_socket_close(&run->listen);
    ledger_close(&run->ledger);
    keys_wipe(&run->keys);
    directory_unlock(&run->lock);
    if (run->signals >= 0) {
        (void)close(run->signals);
    }
    notify_close(&run->notify);
}

/* ---- the loop ---- */

static void tell_service_manager(struct run *run)
{
    char text[NOTIFY_STATUS_MAX];
    struct admit_counts counts;

    admit_counts(run->serve.admit, &counts);
    (void)snprintf(text, sizeof text,
                   "%" PRIu64 " entries, %" PRIu64 " events since the start%s",
                   run->serve.entries, counts.events,
                   counts.full ? ", FULL: nothing is taken in" : "");
    notify_status(&run->notify, text);
    notify_beat(&run->notify, run->line);
    if (figures_alive(run->serve.figures)) {
        notify_beat(&run->notify, run->figures);
    }
    notify_feed(&run->notify);
}

/* Drain, admit, one fsynced commit, receipts, documents: serve_turn(). */
static enum status loop(struct run *run)
{
    struct listen_ready ready;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !run->stop) {
        int wait_ms = serve_wait_ms(&run->serve);

        if (wait_ms > notify_wait_ms(&run->notify)) {
            wait_ms = notify_wait_ms(&run->notify);
        }
        listen_socket_wait(&run->listen, run->signals,
                           figures_descriptor(run->serve.figures), wait_ms,
                           &ready);
        take_signals(run);
        open_web_again(run);
        status = serve_turn(&run->serve);
        tell_service_manager(run);
    }
    return status;
}

enum status cmd_run(const struct args *args, void *context)
{
    struct run run = {.args = args, .lock = -1, .signals = -1};
    const char *what = NULL;
    enum status status = command_directory(args, &run.directory);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    (void)umask(S_IRWXG | S_IRWXO);
    clock_init_real(&run.clock);
    notify_open(&run.notify, &run.clock);
    run.line = notify_worker(&run.notify);
    run.figures = notify_worker(&run.notify);
    status = start(&run, &what);
    if (status != STATUS_OK) {
        if (run.why[0] != '\0') {
            args_error(args, "%s", run.why);
        } else {
            (void)command_fail(args, what, status);
        }
        stop(&run);
        return status;
    }
    log_info("collector runs",
             log_text("address", intake_address(run.listen.intake)),
             log_text("web", web_address(&run.web) == NULL
                                 ? "none"
                                 : web_address(&run.web)),
             log_number("entries", (int64_t)run.serve.entries));
    notify_ready(&run.notify);
    status = loop(&run);
    if (status != STATUS_OK) {
        log_error("stopped: nothing more is taken in",
                  log_status("status", status));
    }
    stop(&run);
    return status;
}
