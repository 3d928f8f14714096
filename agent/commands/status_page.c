#include "agent/commands/status_page.h"

#include "agent/api/site_certificate.h"

#include <stdio.h>

void status_page_print(const struct office *office)
{
    static const struct language_text page = {"Trang của văn phòng",
                                              "The office's page"};
    static const struct language_text off = {"tắt (web.listen: off)",
                                             "off (web.listen: off)"};
    static const struct language_text compare = {
        "Dấu vân tay của chứng chỉ (so với trình duyệt)",
        "Fingerprint of its certificate (compare it in the browser)"};
    const struct http_settings *web = &office->config.web;
    char text[HTTP_FINGERPRINT_SIZE];

    if (web->listen[0] == '\0') {
        (void)printf("%s: %s\n", language_pick(page, office->language),
                     language_pick(off, office->language));
        return;
    }
    (void)printf("%s: %s://%s\n", language_pick(page, office->language),
                 site_is_secure(web) ? "https" : "http", web->listen);
    if (site_fingerprint(office->dir, web, text) == STATUS_OK) {
        (void)printf("%s: %s\n", language_pick(compare, office->language),
                     text);
    }
}
