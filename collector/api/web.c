/* Failure modes: each ends `run` at its start with a sentence that names the
 * address or the file. */
#include "collector/api/web.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "collector/api/roles.h"
#include "common/http/http_certificate.h"

static void find_who(void *context, const struct http_request *request,
                     struct http_who *who)
{
    struct web *web = context;

    access_who(web->access, request, who);
}

static bool is_still(void *context, const struct http_who *who)
{
    struct web *web = context;

    return access_still(web->access, who);
}

static enum status open_access(struct web *web)
{
    const struct access_options access = {.directory = web->options.directory,
                                          .rules = &province_people,
                                          .clock = web->options.clock,
                                          .cookie = "tallyline"};

    return access_open(&access, &web->access);
}

/* What is made of the figures, and who sees it move. */
static enum status open_desk(struct web *web)
{
    const struct web_options *options = &web->options;
    struct live_options live = {
        .clock = options->clock, .still = is_still, .owner = web};
    enum status status;

    web->desk = desk_open(options->figures, options->standings, options->clock);
    if (web->desk == NULL) {
        return STATUS_MEMORY;
    }
    live.desk = web->desk;
    status = live_events_open(&live, &web->live);
    return status == STATUS_OK
               ? printing_open(options->directory, &web->printing)
               : status;
}

static void say_why(const struct web *web, const char *what,
                    struct language_text text, char why[WEB_WHY_SIZE])
{
    (void)snprintf(why, WEB_WHY_SIZE, "web: %.300s: %s", what,
                   language_pick(text, web->options.language));
}

/* ---- certificate and key ---- */

static enum status read_pem(const struct web *web, const char *path,
                            bool secret, struct buffer *out,
                            char why[WEB_WHY_SIZE])
{
    static const struct language_text cannot = {"không đọc được tệp này",
                                                "this file cannot be read"};
    static const struct language_text open_to_all = {
        "ai cũng đọc được khóa này (chmod o-rwx)",
        "everybody can read this key (chmod o-rwx)"};
    enum status status = http_pem_read(path, secret, out);

    if (status == STATUS_MEMORY || status == STATUS_OK) {
        return status;
    }
    say_why(web, path, status == STATUS_REFUSED ? open_to_all : cannot, why);
    return STATUS_CONFIG;
}

/* ---- opening ---- */

static void set_options(struct web *web, struct http_options *options)
{
    const struct http_settings *settings = web->options.settings;

    options->address = settings->listen;
    options->host_count = settings->host_count;
    for (size_t i = 0; i < settings->host_count; i++) {
        options->hosts[i] = settings->hosts[i];
    }
    options->routes = api_routes;
    options->route_count = api_route_count;
    options->context = web;
    options->find_who = find_who;
}

static enum status open_http(struct web *web,
                             const struct http_options *options,
                             char why[WEB_WHY_SIZE])
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
    char detail[HTTP_WHY_SIZE];
    enum status status = http_open(options, &web->http, detail);

    if (status == STATUS_BUSY) {
        say_why(web, options->address, busy, why);
    } else if (status == STATUS_CONFIG && options->certificate.size > 0) {
        say_why(web, detail, certificate, why);
    } else if (status != STATUS_OK) {
        say_why(web, options->address, address, why);
    }
    return status;
}

static enum status open_pages(struct web *web, char why[WEB_WHY_SIZE])
{
    const struct http_settings *settings = web->options.settings;
    struct http_options http = {.address = NULL};
    struct buffer certificate, key;
    enum status status = STATUS_OK;

    buffer_init(&certificate, HTTP_PEM_MAX);
    buffer_init(&key, HTTP_PEM_MAX);
    set_options(web, &http);
    if (settings->certificate[0] != '\0') {
        status = read_pem(web, settings->certificate, false, &certificate, why);
        if (status == STATUS_OK) {
            status = read_pem(web, settings->key, true, &key, why);
        }
        http.certificate = buffer_bytes(&certificate);
        http.key = buffer_bytes(&key);
    }
    if (status == STATUS_OK) {
        status = open_http(web, &http, why);
    }
    if (key.data != NULL) {
        sodium_memzero(key.data, key.size);
    }
    buffer_fini(&key);
    buffer_fini(&certificate);
    return status;
}

enum status web_open(struct web *web, const struct web_options *options,
                     char why[WEB_WHY_SIZE])
{
    enum status status;

    web->options = *options;
    why[0] = '\0';
    if (options->settings->listen[0] == '\0') {
        return STATUS_OK;
    }
    status = open_access(web);
    if (status == STATUS_OK) {
        status = open_desk(web);
    }
    if (status == STATUS_OK) {
        status = open_pages(web, why);
    }
    if (status != STATUS_OK && status != STATUS_BUSY) {
        web_close(web);
    }
    return status;
}

enum status web_open_again(struct web *web, char why[WEB_WHY_SIZE])
{
    why[0] = '\0';
    return open_pages(web, why);
}

const char *web_address(const struct web *web)
{
    return web->http == NULL ? NULL : http_address(web->http);
}

void web_close(struct web *web)
{
    if (web->desk != NULL) {
        desk_refuse(web->desk);
    }
    http_close(&web->http);
    live_events_close(&web->live);
    printing_close(&web->printing);
    access_close(&web->access);
}

void web_fini(struct web *web)
{
    desk_close(&web->desk);
}
