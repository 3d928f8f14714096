/* Failure modes: an address, certificate or folder that cannot be had is a
 * sentence for the log, and there is no page until the next start or reload. */
#include "agent/api/site.h"

#include "agent/api/people.h"
#include "agent/api/site_certificate.h"
#include "common/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

static void say_why(const struct site *site, const char *what,
                    struct language_text text, char why[SITE_WHY_SIZE])
{
    (void)snprintf(why, SITE_WHY_SIZE, "web: %.300s: %s", what,
                   language_pick(text, site->options.language));
}

/* ---- opening ---- */

static enum status make_work_folder(struct site *site, char why[SITE_WHY_SIZE])
{
    static const struct language_text cannot = {"không tạo được thư mục này",
                                                "cannot make this folder"};
    enum status status =
        office_path(site->options.dir, SITE_WORK_FOLDER, site->work);

    if (status == STATUS_OK && mkdir(site->work, S_IRWXU) != 0 &&
        errno != EEXIST) {
        status = STATUS_IO;
    }
    if (status != STATUS_OK) {
        say_why(site, SITE_WORK_FOLDER, cannot, why);
    }
    return status;
}

/* ---- who, and by which certificate ---- */

static void find_who(void *context, const struct http_request *request,
                     struct http_who *who)
{
    struct site *site = context;

    access_who(site->access, request, who);
}

/* Several offices may be on one machine: each has a cookie of its own. */
static enum status open_access(struct site *site)
{
    struct access_options options = {.directory = site->options.dir,
                                     .rules = &office_people,
                                     .clock = site->options.clock,
                                     .cookie = site->cookie};

    (void)snprintf(site->cookie, sizeof site->cookie, "tallyline-%" PRIu32,
                   site->options.agent);
    return access_open(&options, &site->access);
}

static enum status read_certificate(struct site *site, struct buffer *pem,
                                    struct buffer *key, char why[SITE_WHY_SIZE])
{
    static const struct language_text cannot = {
        "không đọc hoặc ghi được tệp này",
        "this file cannot be read or written"};
    static const struct language_text open_to_all = {
        "ai cũng đọc được khóa này (chmod o-rwx)",
        "everybody can read this key (chmod o-rwx)"};
    char path[OFFICE_PATH_MAX] = SITE_CERTIFICATE_FILE;
    char text[HTTP_FINGERPRINT_SIZE];
    enum status status = site_certificate_read(
        site->options.dir, site->options.settings,
        clock_wall_us(site->options.clock), pem, key, path);

    if (status != STATUS_OK) {
        say_why(site, path, status == STATUS_REFUSED ? open_to_all : cannot,
                why);
        return status;
    }
    if (http_certificate_fingerprint(buffer_bytes(pem), text) == STATUS_OK) {
        log_info("the page's certificate", log_text("sha256", text));
    }
    return STATUS_OK;
}

static void set_options(struct site *site, struct http_options *options)
{
    const struct http_settings *settings = site->options.settings;

    options->address = settings->listen;
    options->host_count = settings->host_count;
    for (size_t i = 0; i < settings->host_count; i++) {
        options->hosts[i] = settings->hosts[i];
    }
    options->routes = site_routes;
    options->route_count = site_route_count;
    options->context = site;
    options->find_who = find_who;
    options->file_folder = site->work;
    options->file_bytes = SITE_FILE_MAX;
}

static enum status open_http(struct site *site, char why[SITE_WHY_SIZE])
{
    static const struct language_text busy = {
        "đã có chương trình khác nghe ở địa chỉ này (web.listen)",
        "another program listens there already (web.listen)"};
    static const struct language_text certificate = {
        "không dùng được chứng chỉ hoặc khóa (web.certificate, web.key)",
        "certificate or key cannot be used (web.certificate, web.key)"};
    static const struct language_text address = {
        "không nghe được ở địa chỉ này (web.listen)",
        "it cannot listen there (web.listen)"};
    struct http_options options = {.address = NULL};
    struct buffer pem, key;
    char detail[HTTP_WHY_SIZE] = "";
    enum status status = STATUS_OK;

    buffer_init(&pem, HTTP_PEM_MAX);
    buffer_init(&key, HTTP_PEM_MAX);
    set_options(site, &options);
    if (site_is_secure(site->options.settings)) {
        status = read_certificate(site, &pem, &key, why);
        options.certificate = buffer_bytes(&pem);
        options.key = buffer_bytes(&key);
    }
    if (status == STATUS_OK) {
        status = http_open(&options, &site->http, detail);
        if (status == STATUS_BUSY) {
            say_why(site, options.address, busy, why);
        } else if (status == STATUS_CONFIG && options.certificate.size > 0) {
            say_why(site, detail, certificate, why);
        } else if (status != STATUS_OK) {
            say_why(site, options.address, address, why);
        }
    }
    if (key.data != NULL) {
        sodium_memzero(key.data, key.size);
    }
    buffer_fini(&key);
    buffer_fini(&pem);
    return status;
}

/* One descriptor for the daemon's wait: the desk, and what is to be told. */
static enum status join_events(struct site *site)
{
    struct epoll_event event = {.events = EPOLLIN};

    site->events = epoll_create1(EPOLL_CLOEXEC);
    return site->events >= 0 &&
                   epoll_ctl(site->events, EPOLL_CTL_ADD,
                             desk_event_fd(site->desk), &event) == 0 &&
                   epoll_ctl(site->events, EPOLL_CTL_ADD,
                             live_timer_fd(site->live), &event) == 0
               ? STATUS_OK
               : STATUS_IO;
}

enum status site_open(struct site *site, const struct site_options *options,
                      char why[SITE_WHY_SIZE])
{
    enum status status;

    memset(site, 0, sizeof *site);
    site->events = -1;
    site->options = *options;
    why[0] = '\0';
    if (options->settings->listen[0] == '\0') {
        return STATUS_OK;
    }
    status = make_work_folder(site, why);
    if (status == STATUS_OK) {
        status = desk_new(options->clock, &site->desk);
    }
    if (status == STATUS_OK) {
        status = live_new(options->clock, &site->live);
    }
    if (status == STATUS_OK) {
        status = join_events(site);
    }
    if (status == STATUS_OK) {
        status = open_access(site);
    }
    if (status == STATUS_OK) {
        status = sheets_open(options->dir, site->work, options->clock,
                             &site->sheets);
    }
    if (status == STATUS_OK) {
        status = checkup_new(options->dir, options->clock, &site->checkup);
    }
    if (status == STATUS_OK) {
        status = open_http(site, why);
    }
    if (status != STATUS_OK) {
        site_close(site);
    }
    return status;
}

const char *site_address(const struct site *site)
{
    return site->http == NULL ? NULL : http_address(site->http);
}

/* ---- the daemon's turn ---- */

int site_event_fd(const struct site *site)
{
    return site->desk == NULL ? -1 : site->events;
}

/* Documents that have come down are read before the next order is done: at once
 * when the line brought them, soon when a command did. */
static void refresh(struct site *site, const struct desk_means *means)
{
    int64_t now = clock_monotonic_us(means->clock);
    struct uplink_standing standing;
    enum status status;

    uplink_standing(means->uplink, &standing);
    if (now < site->refresh_at && standing.documents == site->documents) {
        return;
    }
    site->refresh_at = now + SITE_REFRESH_US;
    site->documents = standing.documents;
    status = office_refresh(means->office);
    if (status != STATUS_OK) {
        log_error("the province's documents cannot be used",
                  log_status("status", status));
    }
}

void site_serve(struct site *site, const struct desk_means *means)
{
    struct desk_means with = *means;

    if (site->desk == NULL) {
        return;
    }
    if (desk_has_orders(site->desk)) {
        refresh(site, means);
    }
    with.kept = &site->kept;
    desk_serve(site->desk, &with);
    live_serve(site->live, means, site->access);
    kept_rest(&site->kept, means->clock);
}

void site_close(struct site *site)
{
    http_close(&site->http);
    desk_free(&site->desk);
    live_free(&site->live);
    if (site->events > 0) { /* 0: it was never opened */
        (void)close(site->events);
    }
    site->events = -1;
    kept_forget(&site->kept);
    sheets_close(&site->sheets);
    checkup_free(&site->checkup);
    access_close(&site->access);
}
