/* addresses - where an event has its page. A dot in an address would be the
 * name of a file: 271.1.42 is /hop-gui-di/271-1-42. */

export const eventPath = (id) => `/hop-gui-di/${id.replace(/\./g, "-")}`;

export const eventId = (part) => part.replace(/-/g, ".");
