/** Where in the page the reader is, as it stands behind the `#` of a link. */
export interface Route {
  view: string;
  /** Of a Node or a case; empty elsewhere. */
  name: string;
  query: Record<string, string | undefined>;
}

/** `#/node/worker-1`, `#/cases?verdict=failed&check=tcp`. Whatever cannot be read is the overview. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [view = '', ...rest] = path.split('/');
  return { view, name: decoded(rest.join('/')), query: Object.fromEntries(new URLSearchParams(query)) };
}

export function linkTo(view: string, query: Record<string, string | undefined> = {}, name = ''): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, value] as [string, string]],
  );
  const search = new URLSearchParams(given).toString();
  const path = name === '' ? view : `${view}/${encoded(name)}`;
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A lone surrogate cannot be encoded: it is lost in the link, and the page stays. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
