/* Failure modes: an address, certificate or folder that cannot be had is a
 * sentence for the log, and there is no page until the next start or reload. */
#include "agent/api/site.h"

#include "common/base/check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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
    options->file_folder = site->work;
    options->file_bytes = SITE_FILE_MAX;
}

static enum status open_http(struct site *site, char why[SITE_WHY_SIZE])
{
    static const struct language_text busy = {
        "đã có chương trình khác nghe ở địa chỉ này (web.listen)",
        "another program listens there already (web.listen)"};
    static const struct language_text address = {
        "không nghe được ở địa chỉ này (web.listen)",
        "it cannot listen there (web.listen)"};
    struct http_options options = {.address = NULL};
    char detail[HTTP_WHY_SIZE];
    enum status status;

    set_options(site, &options);
    status = http_open(&options, &site->http, detail);
    if (status != STATUS_OK) {
        say_why(site, options.address, status == STATUS_BUSY ? busy : address,
                why);
    }
    return status;
}

enum status site_open(struct site *site, const struct site_options *options,
                      char why[SITE_WHY_SIZE])
{
    enum status status;

    memset(site, 0, sizeof *site);
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
    return site->desk == NULL ? -1 : desk_event_fd(site->desk);
}

void site_serve(struct site *site, const struct desk_means *means)
{
    if (site->desk != NULL) {
        desk_serve(site->desk, means);
    }
}

void site_close(struct site *site)
{
    http_close(&site->http);
    desk_free(&site->desk);
}
