/* Any bytes as CSV: no crash, no read beyond the end, and the same rows and
 * the same fault however the text is cut into pieces. */
#include "common/base/check.h"
#include "common/base/csv.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    uint64_t rows;
    uint64_t hash; /* of every cell and its place */
};

static void mix(struct seen *seen, uint64_t value)
{
    seen->hash = (seen->hash ^ value) * UINT64_C(0x100000001b3);
}

static enum status on_row(void *owner, const struct csv_row *row)
{
    struct seen *seen = owner;

    check(row->cell_count > 0 && row->cell_count <= CSV_COLUMNS_MAX);
    seen->rows++;
    check(row->number == seen->rows);
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct csv_cell *cell = &row->cells[i];

        check(strlen(cell->text) == cell->size);
        mix(seen, cell->line);
        mix(seen, cell->column);
        for (size_t k = 0; k < cell->size; k++) {
            mix(seen, (uint8_t)cell->text[k]);
        }
    }
    return STATUS_OK;
}

static enum status read_in_pieces(const uint8_t *data, size_t size,
                                  size_t piece, struct seen *seen,
                                  struct csv_fault *fault)
{
    struct csv *csv = NULL;
    enum status status = csv_new(on_row, seen, &csv);

    for (size_t at = 0; status == STATUS_OK && at < size; at += piece) {
        size_t left = size - at;

        status =
            csv_feed(csv, (struct bytes){.data = data + at,
                                         .size = left < piece ? left : piece});
    }
    if (status == STATUS_OK) {
        status = csv_finish(csv);
    }
    *fault = csv_fault(csv);
    csv_free(&csv);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen whole = {0};
    struct seen pieces = {0};
    struct csv_fault whole_fault = {0};
    struct csv_fault pieces_fault = {0};
    size_t piece = size > 0 ? (size_t)data[size - 1] % 7 + 1 : 1;
    enum status status;

    status = csv_read((struct bytes){.data = data, .size = size}, on_row,
                      &whole, &whole_fault);
    check(read_in_pieces(data, size, piece, &pieces, &pieces_fault) == status);
    check(whole.rows == pieces.rows && whole.hash == pieces.hash);
    check(whole_fault.kind == pieces_fault.kind &&
          whole_fault.line == pieces_fault.line &&
          whole_fault.column == pieces_fault.column);
    check((status == STATUS_INVALID) == (whole_fault.kind != CSV_NO_FAULT));
    return 0;
}
