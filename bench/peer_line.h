/* peer_line - a connection to another store, blocking, written in large pieces.
 *
 * Flow     peer_*.c <-> [peer_line] <-> socket on this machine
 * Owns     the socket and its buffers; close with peer_line_close().
 * Threads  one.
 * Limits   PEER_LINE_OUT_MAX bytes that are not written yet.
 *
 * The stores' own protocols are spoken directly, so that no library stands
 * between the benchmark and them and as little as can be is spent on our side
 * of the two cores. A connection that breaks ends the benchmark.
 */
#ifndef TALLYLINE_BENCH_PEER_LINE_H
#define TALLYLINE_BENCH_PEER_LINE_H

#include "common/base/bytes.h"

#define PEER_LINE_OUT_MAX (64u * 1024u * 1024u)
#define PEER_LINE_IN      65536u
#define PEER_LINE_TEXT    4096u

struct peer_line {
    int fd;
    struct buffer out;
    uint8_t in[PEER_LINE_IN];
    size_t at, size;
};

void peer_line_unix(struct peer_line *line, const char *path);
void peer_line_tcp(struct peer_line *line, uint16_t port);
void peer_line_close(struct peer_line *line);

/* To be written with the next peer_line_flush(). */
void peer_line_bytes(struct peer_line *line, struct bytes bytes);
void peer_line_text(struct peer_line *line, const char *text);
/* A number as decimal digits. */
void peer_line_number(struct peer_line *line, uint64_t number);
void peer_line_u16(struct peer_line *line, uint16_t value);
void peer_line_u32(struct peer_line *line, uint32_t value);
void peer_line_u64(struct peer_line *line, uint64_t value);
void peer_line_flush(struct peer_line *line);

/* Reads a line that ends with CR LF, without them. Its length; what does not
 * fit is cut off. */
size_t peer_line_read_text(struct peer_line *line, char out[PEER_LINE_TEXT]);
/* Reads so many bytes; `out` may be NULL. */
void peer_line_read(struct peer_line *line, uint8_t *out, size_t size);

/* A port of the loopback that is free now. */
uint16_t peer_line_free_port(void);

#endif
