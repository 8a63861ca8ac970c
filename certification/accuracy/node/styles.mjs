// The catalogue of correct styles: what a conformant partner may legitimately do otherwise.

import connections from './styles/connections.mjs';
import errors from './styles/errors.mjs';
import http from './styles/http.mjs';
import layouts from './styles/layouts.mjs';
import pages from './styles/pages.mjs';
import people from './styles/people.mjs';

const FAMILIES = {
  'HTTP clothes': http, 'errors and strictness': errors, 'connections and ids': connections, 'users, companies, hooks': people,
  'redirect pages': pages, 'configs and layouts': layouts,
};

export const STYLES = Object.entries(FAMILIES).flatMap(([family, entries]) => entries.map((entry) => ({ family, ...entry })));
