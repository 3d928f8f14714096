/* days - a day as people type it: "5/3", "5.3.18", "050318", "2018-03-05". */

const real = (year, month, day) => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date.toISOString().slice(0, 10) : null;
};

function parts(text) {
  const iso = text.match(/^(\d{4})-(\d{1,2})-(\d{1,2})$/);
  if (iso) {
    return [iso[3], iso[2], iso[1]];
  }
  return text.match(/^(\d{2})(\d{2})(\d{2}|\d{4})?$/)?.slice(1)
    ?? text.match(/^(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?$/)
      ?.slice(1);
}

/* "yyyy-mm-dd"; null when it is no day. What has no year is of `today`'s. */
export function readDay(text, today) {
  const [day, month, year = today.slice(0, 4)] = parts(text.trim()) ?? [];
  if (!day) {
    return null;
  }
  return real(Number(year.length === 2 ? `20${year}` : year), Number(month),
    Number(day));
}
