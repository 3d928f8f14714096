/* Files that are a part of the program, kept as gzip. */
#include "common/http/http.h"
#include "common/http/http_target.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define GZIP_WINDOW (15 + 16) /* zlib's way to say: a gzip file */

static enum status inflate_all(const struct http_asset *asset,
                               struct buffer *out)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)asset->gzip.data,
                       .avail_in = (uInt)asset->gzip.size};
    uint8_t *room = NULL;
    enum status status = buffer_extend(out, asset->size, &room);
    int rc;

    if (status != STATUS_OK) {
        return status;
    }
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK) {
        return STATUS_MEMORY;
    }
    stream.next_out = room;
    stream.avail_out = (uInt)asset->size;
    rc = inflate(&stream, Z_FINISH);
    (void)inflateEnd(&stream);
    return rc == Z_STREAM_END && stream.avail_out == 0 ? STATUS_OK
                                                       : STATUS_CORRUPT;
}

void http_reply_asset(const struct http_request *request,
                      const struct http_asset *asset, struct http_reply *reply)
{
    bool packed = http_takes_gzip(http_header(request, "Accept-Encoding"));
    struct buffer plain;

    http_reply_fini(reply);
    reply->cache = asset->forever ? HTTP_CACHE_FOREVER : HTTP_CACHE_ASK;
    reply->vary = "Accept-Encoding";
    (void)snprintf(reply->etag, sizeof reply->etag, "%.64s%s", asset->etag,
                   packed ? "-gz" : "");
    if (packed) {
        reply->encoding = "gzip";
        http_reply_borrow(reply, asset->type, asset->gzip, NULL, NULL);
        return;
    }
    buffer_init(&plain, asset->size);
    if (inflate_all(asset, &plain) == STATUS_OK) {
        http_reply_take(reply, asset->type, &plain);
    } else {
        http_reply_problem(reply, 500, NULL);
    }
    buffer_fini(&plain);
}
