/* search - "thai nguyen" finds "Thái Nguyên", "hoà" finds "hòa". */

export function fold(text) {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[đĐ]/g, "d")
    .toLowerCase();
}

/* Whether each word asked for is in one of the texts. */
export function finds(query, ...texts) {
  const all = fold(texts.join(" "));
  return fold(query)
    .split(/\s+/)
    .every((part) => all.includes(part));
}
