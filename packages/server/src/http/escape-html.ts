/** Text as it may stand in HTML, between tags and in quoted attributes. Most has nothing to escape, and looking is cheaper. */
export const escapeHtml = (text: string): string =>
  /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`) : text
